import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { ClientTrustSetsController } from './client-trust-sets.controller.js';
import { AnswerRefresh } from './revocation/answer-refresh.js';
import { AnswerStore } from './revocation/answer-store.js';
import { ReadEvidence } from './revocation/read-evidence.js';
import { RevocationEvidenceService } from './revocation/revocation-evidence.service.js';
import { SourceFetches } from './revocation/source-fetches.js';
import { StoredEvidence } from './revocation/stored-evidence.js';
import { TrustSetCrlsController } from './revocation/trust-set-crls.controller.js';
import { TrustSetCrlsService } from './revocation/trust-set-crls.service.js';
import { TrustSetCreationService } from './trust-set-creation.service.js';
import { TrustSetDeletionService } from './trust-set-deletion.service.js';
import { TrustSetUpdateService } from './trust-set-update.service.js';
import { TrustSetsController } from './trust-sets.controller.js';
import { TrustService } from './trust.service.js';

@Module({
  imports: [AuditModule, OutgoingModule],
  controllers: [ClientTrustSetsController, TrustSetsController, TrustSetCrlsController],
  providers: [
    TrustService,
    TrustSetCreationService,
    TrustSetUpdateService,
    TrustSetDeletionService,
    ReadEvidence,
    StoredEvidence,
    AnswerStore,
    SourceFetches,
    AnswerRefresh,
    TrustSetCrlsService,
    RevocationEvidenceService,
  ],
  exports: [TrustService, RevocationEvidenceService],
})
export class TrustModule {}
