import { Module } from '@nestjs/common';

import { JwtAuthGuard } from './auth/jwt-auth.guard.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { CertificatesService } from './certificates/certificates.service.js';
import { databaseProviders } from './database.providers.js';

@Module({ controllers: [CertificatesController], providers: [...databaseProviders, CertificatesService, JwtAuthGuard] })
export class AppModule {}
