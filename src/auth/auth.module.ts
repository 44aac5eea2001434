import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Logger } from 'pino';

import type { Settings, TokenKeys } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { LOGGER } from '../http/logger.token.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { AccessGuard } from './access.guard.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { ClaimWarnings } from './claim-warnings.js';
import { FetchedKeys } from './fetched-keys.js';
import { fetchKeySet } from './key-set-address.js';
import { type KeySource, OneKey } from './key-source.js';
import { PermissionsController } from './permissions.controller.js';
import { XTokenVerifier } from './x-token-verifier.js';

@Module({
  imports: [OutgoingModule],
  controllers: [PermissionsController],
  providers: [
    {
      provide: BearerAuthenticator,
      useFactory: ({ tokens, roles }: Settings, client: OutgoingClient, logger: Logger) =>
        new BearerAuthenticator(tokens, keySourceOf(tokens.keys, client, logger), roles, new ClaimWarnings(logger)),
      inject: [SETTINGS, OutgoingClient, LOGGER],
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

function keySourceOf(keys: TokenKeys, client: OutgoingClient, logger: Logger): KeySource {
  if (!('jwksUrl' in keys)) return new OneKey(keys);
  return new FetchedKeys(
    async () => await fetchKeySet(client, keys.jwksUrl),
    (reason) => logger.warn({ reason }, 'the keys of JWT_JWKS_URL could not be had'),
  );
}
