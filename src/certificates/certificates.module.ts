import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { TrustModule } from '../trust/trust.module.js';
import { CertificateBackfill } from './certificate-backfill.js';
import { CertificateCreationService } from './certificate-creation.service.js';
import { CertificateDeletionService } from './certificate-deletion.service.js';
import { CertificateHistoryController } from './certificate-history.controller.js';
import { CertificateHistoryService } from './certificate-history.service.js';
import { CertificateImportService } from './certificate-import.service.js';
import { CertificatePropertiesController } from './certificate-properties.controller.js';
import { CertificatePropertiesService } from './certificate-properties.service.js';
import { CertificateTrust } from './certificate-trust.service.js';
import { CertificateUpdateService } from './certificate-update.service.js';
import { CertificateUpdates } from './certificate-updates.js';
import { CertificatesController } from './certificates.controller.js';
import { CertificatesService } from './certificates.service.js';
import { CertificateDenialsController } from './denials/certificate-denials.controller.js';
import { DenialFeedService } from './denials/denial-feed.service.js';
import { DenialNumbering } from './denials/denial-numbering.js';
import { EvidenceAllowances } from './evidence-allowance.js';
import { ExplainController } from './explanation/explain.controller.js';
import { ExplainService } from './explanation/explain.service.js';
import { CertificateExportService } from './export/certificate-export.service.js';
import { CertificateLookupService } from './finding/certificate-lookup.service.js';
import { CertificateSearchController } from './finding/certificate-search.controller.js';
import { CertificateSearchService } from './finding/certificate-search.service.js';
import { FormerIndexes } from './finding/former-indexes.js';
import { IndexChanges } from './finding/index-changes.js';
import { SearchIndexBuild } from './finding/search-index-build.js';
import { ForecastController } from './forecast/forecast.controller.js';
import { ForecastService } from './forecast/forecast.service.js';
import { CertificateLoginService } from './logins/certificate-login.service.js';
import { CertificateLoginsController } from './logins/certificate-logins.controller.js';
import { CertificateRenewals } from './logins/certificate-renewals.js';
import { LoginRefusalUpkeep } from './logins/login-refusal-upkeep.js';
import { LoginRefusals } from './logins/login-refusals.js';
import { RevocationGathering } from './revocation-gathering.js';
import { PathStatuses } from './revocation/path-statuses.service.js';
import { RevocationChangeService } from './revocation/revocation-change.service.js';
import { RevocationChecks } from './revocation/revocation-checks.js';
import { PolicyChanges } from './selection/policy-changes.js';
import { SelectedChangesService } from './selection/selected-changes.service.js';
import { SelectionPreviewService } from './selection/selection-preview.service.js';
import { SelectionService } from './selection/selection.service.js';
import { SimulateController } from './simulation/simulate.controller.js';
import { SimulationService } from './simulation/simulation.service.js';
import { UserCredentialsController } from './user-credentials.controller.js';
import { UserCredentialsService } from './user-credentials.service.js';

@Module({
  imports: [AuditModule, PoliciesModule, TrustModule],
  controllers: [
    CertificatesController,
    CertificatePropertiesController,
    CertificateHistoryController,
    UserCredentialsController,
    ExplainController,
    SimulateController,
    CertificateSearchController,
    ForecastController,
    CertificateLoginsController,
    CertificateDenialsController,
  ],
  providers: [
    CertificatesService,
    CertificateTrust,
    RevocationGathering,
    EvidenceAllowances,
    CertificateCreationService,
    CertificateUpdateService,
    CertificateUpdates,
    CertificateImportService,
    CertificateDeletionService,
    CertificatePropertiesService,
    CertificateHistoryService,
    UserCredentialsService,
    CertificateBackfill,
    PathStatuses,
    RevocationChangeService,
    RevocationChecks,
    ExplainService,
    SimulationService,
    CertificateSearchService,
    CertificateExportService,
    CertificateLookupService,
    ForecastService,
    IndexChanges,
    FormerIndexes,
    SearchIndexBuild,
    CertificateLoginService,
    DenialFeedService,
    DenialNumbering,
    CertificateRenewals,
    LoginRefusals,
    LoginRefusalUpkeep,
    PolicyChanges,
    SelectedChangesService,
    SelectionService,
    SelectionPreviewService,
  ],
  exports: [CertificateImportService, SelectedChangesService, SelectionService, SelectionPreviewService],
})
export class CertificatesModule {}
