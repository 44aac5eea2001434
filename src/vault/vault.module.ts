import { type FactoryProvider, Module } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { BackgroundDatabase, Database } from '../database/database.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { countFailures } from './count-failures.js';
import { Kv2Vault } from './kv2/kv2-vault.js';
import { SystemTiming } from './kv2/timing.js';
import { SealedVault } from './sealed/sealed-vault.js';
import { SecretVault } from './secret-vault.js';

const secretVault: FactoryProvider<SecretVault> = {
  provide: SecretVault,
  inject: [SETTINGS, Database, BackgroundDatabase, Clock, OutgoingClient],
  useFactory: (
    { vault }: Settings,
    database: Database,
    background: BackgroundDatabase,
    clock: Clock,
    client: OutgoingClient,
  ) =>
    countFailures(
      vault.kind === 'sealed'
        ? new SealedVault(database, vault.keys, clock, background)
        : new Kv2Vault(vault, client, clock, new SystemTiming()),
    ),
};

@Module({ imports: [OutgoingModule], providers: [secretVault], exports: [SecretVault] })
export class VaultModule {}
