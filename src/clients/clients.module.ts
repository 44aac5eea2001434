import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { ClientAuditEventsController } from './client-audit-events.controller.js';
import { ClientAuditLogService } from './client-audit-log.service.js';
import { ClientContents } from './client-contents.js';
import { ClientCreationService } from './client-creation.service.js';
import { ClientDeletionService } from './client-deletion.service.js';
import { ClientUpdateService } from './client-update.service.js';
import { ClientsController } from './clients.controller.js';
import { ClientsService } from './clients.service.js';
import { UnfinishedDeletions } from './unfinished-deletions.js';

@Module({
  imports: [AuditModule, PoliciesModule],
  controllers: [ClientsController, ClientAuditEventsController],
  providers: [
    ClientsService,
    ClientCreationService,
    ClientUpdateService,
    ClientContents,
    ClientDeletionService,
    UnfinishedDeletions,
    ClientAuditLogService,
  ],
})
export class ClientsModule {}
