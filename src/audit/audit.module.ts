import { Module } from '@nestjs/common';

import { RefusalRecorder } from '../http/refusal-recorder.js';
import { GuardedChanges } from './guarded-change.js';
import { RefusedWrites } from './refused-writes.js';
import { TrailService } from './trail.service.js';
import { VersionCheck } from './version-check.js';

@Module({
  providers: [VersionCheck, GuardedChanges, TrailService, { provide: RefusalRecorder, useClass: RefusedWrites }],
  exports: [VersionCheck, GuardedChanges, TrailService],
})
export class AuditModule {}
