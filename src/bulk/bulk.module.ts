import { Module } from '@nestjs/common';

import { CertificatesModule } from '../certificates/certificates.module.js';
import { BulkJobRunner } from './bulk-job-runner.js';
import { JobUpkeep } from './job-upkeep.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ROW_ACTIONS, type RowAction } from './row-action.js';

@Module({
  imports: [CertificatesModule],
  controllers: [JobsController],
  providers: [
    JobsService,
    JobUpkeep,
    BulkJobRunner,
    // Each kind of job has one of these.
    { provide: ROW_ACTIONS, useFactory: (...actions: readonly RowAction[]) => actions, inject: [] },
  ],
})
export class BulkModule {}
