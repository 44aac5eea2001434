import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { UsersModule } from '../users/users.module.js';
import { BulkJobRunner } from './bulk-job-runner.js';
import { BulkJobsController } from './bulk-jobs.controller.js';
import { BulkJobsService } from './bulk-jobs.service.js';
import { ImportAction } from './import/import-action.js';
import { ImportDryRun } from './import/import-dry-run.js';
import { ImportController } from './import/import.controller.js';
import { ImportService } from './import/import.service.js';
import { JobUpkeep } from './job-upkeep.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ROW_ACTIONS, type RowAction } from './row-action.js';
import { SelectedRowAction } from './selected-row-action.js';

@Module({
  imports: [AuditModule, CertificatesModule, UsersModule],
  controllers: [JobsController, BulkJobsController, ImportController],
  providers: [
    JobsService,
    BulkJobsService,
    JobUpkeep,
    BulkJobRunner,
    SelectedRowAction,
    ImportAction,
    ImportService,
    ImportDryRun,
    {
      provide: ROW_ACTIONS,
      useFactory: (...actions: readonly RowAction[]) => actions,
      // Each kind of job has one of these.
      inject: [SelectedRowAction, ImportAction],
    },
  ],
})
export class BulkModule {}
