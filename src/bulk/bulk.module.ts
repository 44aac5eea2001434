import { Module } from '@nestjs/common';

import { CertificatesModule } from '../certificates/certificates.module.js';
import { BulkJobRunner } from './bulk-job-runner.js';
import { BulkJobsController } from './bulk-jobs.controller.js';
import { BulkJobsService } from './bulk-jobs.service.js';
import { JobUpkeep } from './job-upkeep.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ROW_ACTIONS, type RowAction } from './row-action.js';
import { SelectedRowAction } from './selected-row-action.js';

@Module({
  imports: [CertificatesModule],
  controllers: [JobsController, BulkJobsController],
  providers: [
    JobsService,
    BulkJobsService,
    JobUpkeep,
    BulkJobRunner,
    SelectedRowAction,
    // Each kind of job has one of these.
    { provide: ROW_ACTIONS, useFactory: (...actions: readonly RowAction[]) => actions, inject: [SelectedRowAction] },
  ],
})
export class BulkModule {}
