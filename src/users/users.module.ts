import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { ClientUsersController } from './client-users.controller.js';
import { UserBackfill } from './user-backfill.js';
import { UserCreationService } from './user-creation.service.js';
import { UserDeletionService } from './user-deletion.service.js';
import { UserExportService } from './user-export.service.js';
import { UserUpdateService } from './user-update.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule],
  controllers: [ClientUsersController, UsersController],
  providers: [
    UsersService,
    UserCreationService,
    UserUpdateService,
    UserDeletionService,
    UserExportService,
    UserBackfill,
  ],
  exports: [UsersService, UserCreationService, UserUpdateService],
})
export class UsersModule {}
