import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { ClientPoliciesController } from './client-policies.controller.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesService } from './policies.service.js';
import { PolicyCreationService } from './policy-creation.service.js';
import { PolicyDeletionService } from './policy-deletion.service.js';
import { PolicyUpdateService } from './policy-update.service.js';

@Module({
  imports: [AuditModule],
  controllers: [ClientPoliciesController, PoliciesController],
  providers: [PoliciesService, PolicyCreationService, PolicyUpdateService, PolicyDeletionService],
  exports: [PoliciesService],
})
export class PoliciesModule {}
