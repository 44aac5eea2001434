import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { PasswordCreationService } from './password-creation.service.js';
import { PasswordLoginService } from './password-login.service.js';
import { PasswordUpdateService } from './password-update.service.js';
import { PasswordsController } from './passwords.controller.js';
import { PasswordsService } from './passwords.service.js';

@Module({
  imports: [AuditModule, PoliciesModule],
  controllers: [PasswordsController],
  providers: [PasswordsService, PasswordCreationService, PasswordUpdateService, PasswordLoginService],
  exports: [PasswordLoginService],
})
export class PasswordsModule {}
