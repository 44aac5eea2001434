import { Module } from '@nestjs/common';

import { VaultModule } from '../vault/vault.module.js';
import { KeyStoreComparison } from './key-store-comparison.js';
import { KeyStoreCreationService } from './key-store-creation.service.js';
import { KeyStoreDeletionService } from './key-store-deletion.service.js';
import { KeyStoreFiles } from './key-store-files.js';
import { KeyStoreReplacementService } from './key-store-replacement.service.js';
import { KeyStoreSettlement } from './key-store-settlement.js';
import { KeyStoresService } from './key-stores.service.js';
import { Pkcs12TestService } from './pkcs12-test.service.js';
import { ReconcilerTimer } from './reconciler-timer.js';
import { Reconciler } from './reconciler.service.js';

@Module({
  imports: [VaultModule],
  providers: [
    KeyStoreFiles,
    KeyStoresService,
    KeyStoreCreationService,
    KeyStoreReplacementService,
    KeyStoreDeletionService,
    Pkcs12TestService,
    KeyStoreSettlement,
    KeyStoreComparison,
    Reconciler,
    ReconcilerTimer,
  ],
  exports: [
    KeyStoresService,
    KeyStoreCreationService,
    KeyStoreReplacementService,
    KeyStoreDeletionService,
    Pkcs12TestService,
  ],
})
export class KeystoresModule {}
