import { Module } from '@nestjs/common';

import { PasswordsModule } from '../passwords/passwords.module.js';
import { UsersModule } from '../users/users.module.js';
import { PermissionsController } from './permissions.controller.js';
import { PrincipalController } from './principal.controller.js';
import { PrincipalService } from './principal.service.js';
import { TokenController } from './token.controller.js';
import { TokenService } from './token.service.js';

/** What callers may ask about themselves (contract 1.3). */
@Module({
  imports: [UsersModule, PasswordsModule],
  controllers: [PrincipalController, PermissionsController, TokenController],
  providers: [PrincipalService, TokenService],
})
export class PrincipalModule {}
