import { type DynamicModule, Module } from '@nestjs/common';

import { AuthModule } from './auth/auth.module.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { HealthController } from './health.controller.js';
import { type Runtime, RuntimeModule } from './runtime.module.js';

/** The composition root. */
@Module({ imports: [AuthModule, CertificatesModule], controllers: [HealthController] })
export class AppModule {
  static of(runtime: Runtime): DynamicModule {
    return { module: AppModule, imports: [RuntimeModule.of(runtime)] };
  }
}
