import { Module } from '@nestjs/common';

import { RefusalRecorder } from '../http/refusal-recorder.js';
import { RefusedWrites } from './refused-writes.js';
import { TrailService } from './trail.service.js';
import { VersionCheck } from './version-check.js';

@Module({
  providers: [VersionCheck, TrailService, { provide: RefusalRecorder, useClass: RefusedWrites }],
  exports: [VersionCheck, TrailService],
})
export class AuditModule {}
