import { Module } from '@nestjs/common';

import { VersionCheck } from './version-check.js';

@Module({ providers: [VersionCheck], exports: [VersionCheck] })
export class AuditModule {}
