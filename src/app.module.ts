import { type DynamicModule, Module } from '@nestjs/common';

import { AuthModule } from './auth/auth.module.js';
import { BulkModule } from './bulk/bulk.module.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { ClientCertificateController } from './client-certificate.controller.js';
import { ClientsModule } from './clients/clients.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { KeystoresModule } from './keystores/keystores.module.js';
import { LivepersonModule } from './liveperson/liveperson.module.js';
import { MetricsController } from './metrics.controller.js';
import { PasswordsModule } from './passwords/passwords.module.js';
import { PrincipalModule } from './principal/principal.module.js';
import { type Runtime, RuntimeModule } from './runtime.module.js';
import { TrustModule } from './trust/trust.module.js';
import { UsersModule } from './users/users.module.js';
import { VaultModule } from './vault/vault.module.js';

/** The composition root. */
@Module({
  imports: [
    AuthModule,
    TrustModule,
    ClientsModule,
    UsersModule,
    PrincipalModule,
    CredentialsModule,
    CertificatesModule,
    BulkModule,
    PasswordsModule,
    VaultModule,
    KeystoresModule,
    LivepersonModule,
  ],
  controllers: [ClientCertificateController, HealthController, MetricsController],
  providers: [Draining],
})
export class AppModule {
  static of(runtime: Runtime): DynamicModule {
    return { module: AppModule, imports: [RuntimeModule.of(runtime)] };
  }
}
