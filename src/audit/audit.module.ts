import { Module } from '@nestjs/common';

import { RefusalRecorder } from '../common/refusal-recorder.js';
import { AuditLogUpkeep } from './audit-log-upkeep.js';
import { AuditLogService } from './audit-log.service.js';
import { GuardedChanges } from './guarded-change.js';
import { RefusedWrites } from './refused-writes.js';
import { AuditRetention } from './retention.js';
import { VersionCheck } from './version-check.js';

@Module({
  providers: [
    VersionCheck,
    GuardedChanges,
    AuditLogService,
    AuditLogUpkeep,
    AuditRetention,
    { provide: RefusalRecorder, useClass: RefusedWrites },
  ],
  exports: [VersionCheck, GuardedChanges, AuditLogService],
})
export class AuditModule {}
