import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { CertificateBackfill } from './certificate-backfill.js';
import { CertificateCreationService } from './certificate-creation.service.js';
import { CertificateDeletionService } from './certificate-deletion.service.js';
import { CertificateHistoryController } from './certificate-history.controller.js';
import { CertificateHistoryService } from './certificate-history.service.js';
import { CertificatePropertiesController } from './certificate-properties.controller.js';
import { CertificatePropertiesService } from './certificate-properties.service.js';
import { CertificateUpdateService } from './certificate-update.service.js';
import { CertificatesController } from './certificates.controller.js';
import { CertificatesService } from './certificates.service.js';
import { UserCredentialsController } from './user-credentials.controller.js';
import { UserCredentialsService } from './user-credentials.service.js';

@Module({
  imports: [AuditModule, PoliciesModule],
  controllers: [
    CertificatesController,
    CertificatePropertiesController,
    CertificateHistoryController,
    UserCredentialsController,
  ],
  providers: [
    CertificatesService,
    CertificateCreationService,
    CertificateUpdateService,
    CertificateDeletionService,
    CertificatePropertiesService,
    CertificateHistoryService,
    UserCredentialsService,
    CertificateBackfill,
  ],
})
export class CertificatesModule {}
