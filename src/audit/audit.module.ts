import { Module } from '@nestjs/common';

import { TrailService } from './trail.service.js';
import { VersionCheck } from './version-check.js';

@Module({ providers: [VersionCheck, TrailService], exports: [VersionCheck, TrailService] })
export class AuditModule {}
