import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { ClientTrustSetsController } from './client-trust-sets.controller.js';
import { TrustSetCreationService } from './trust-set-creation.service.js';
import { TrustSetDeletionService } from './trust-set-deletion.service.js';
import { TrustSetUpdateService } from './trust-set-update.service.js';
import { TrustSetsController } from './trust-sets.controller.js';
import { TrustService } from './trust.service.js';

@Module({
  imports: [AuditModule],
  controllers: [ClientTrustSetsController, TrustSetsController],
  providers: [TrustService, TrustSetCreationService, TrustSetUpdateService, TrustSetDeletionService],
  exports: [TrustService],
})
export class TrustModule {}
