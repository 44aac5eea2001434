import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { AccessGuard } from './access.guard.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { PermissionsController } from './permissions.controller.js';
import { XTokenVerifier } from './x-token-verifier.js';

@Module({
  controllers: [PermissionsController],
  providers: [
    {
      provide: BearerAuthenticator,
      useFactory: (settings: Settings) => new BearerAuthenticator(settings.tokens, settings.roles),
      inject: [SETTINGS],
    },
    {
      provide: XTokenVerifier,
      useFactory: (settings: Settings) => new XTokenVerifier(settings.xToken),
      inject: [SETTINGS],
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AuthModule {}
