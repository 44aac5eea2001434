import type { Clock } from '../../common/clock.js';
import { AppError } from '../../common/errors.js';
import { Secret } from '../../common/secret.js';
import { isTimeout } from '../../database/database-error.js';
import type { Database } from '../../database/database.js';
import { readStoredContent, storedContent } from '../secret-content.js';
import {
  SecretVault,
  type Absent,
  type Conflict,
  type Deleted,
  type Done,
  type Found,
  type KeyStoreSecret,
  type Listed,
  type Metadata,
  type SecretAddress,
  type Unavailable,
  type Written,
} from '../secret-vault.js';
import { open, seal, type EnvelopePlace, type KeyRing } from './envelope.js';
import {
  DESTROY_SECRET,
  ERASE_SECRET,
  LIST_SECRETS,
  type Marks,
  READ_METADATA,
  READ_SECRET,
  SOFT_DELETE_SECRET,
  WRITE_SECRET,
} from './sealed-secrets.queries.js';

/**
 * The embedded vault: secrets are encrypted here and stored in the server's own database; only the key-encryption key
 * decrypts them.
 */
export class SealedVault extends SecretVault {
  constructor(
    private readonly database: Database,
    private readonly ring: KeyRing,
    private readonly clock: Clock,
    private readonly probe: Pick<Database, 'isReady'> = database,
  ) {
    super();
  }

  override async write(
    address: SecretAddress,
    expectedVersion: number,
    secret: Secret<KeyStoreSecret>,
    signal?: AbortSignal,
  ): Promise<Written | Conflict | Unavailable> {
    const plaintext = Buffer.from(JSON.stringify(storedContent(secret.reveal())));
    const envelope = seal(this.ring, placeOf(address, expectedVersion + 1), plaintext);
    const parameters = { ...keyOf(address), expectedVersion, ...envelope, now: this.clock.now() };
    const rows = await this.run(signal, async () => await WRITE_SECRET.all(this.database, parameters));
    if (!Array.isArray(rows)) return rows;
    const [row] = rows;
    return row === undefined ? { outcome: 'conflict' } : { outcome: 'written', version: row.version };
  }

  override async read(
    address: SecretAddress,
    version?: number,
    signal?: AbortSignal,
  ): Promise<Found | Absent | Deleted | Unavailable> {
    const parameters = { ...keyOf(address), version: version ?? null };
    const rows = await this.run(signal, async () => await READ_SECRET.all(this.database, parameters));
    if (!Array.isArray(rows)) return rows;
    const [row] = rows;
    if (row === undefined || row.destroyed) return { outcome: 'absent' };
    if (row.deleted) return { outcome: 'deleted' };
    const { keyId, wrappedKey, nonce, ciphertext } = row;
    // Only destroyed versions have nulls; a check constraint ensures that.
    if (keyId === null || wrappedKey === null || nonce === null || ciphertext === null) return { outcome: 'absent' };
    const plaintext = open(this.ring, placeOf(address, row.version), { keyId, wrappedKey, nonce, ciphertext });
    const content = plaintext === undefined ? undefined : readStoredContent(JSON.parse(plaintext.toString()));
    if (content === undefined) return { outcome: 'unavailable', reason: 'unreadable' };
    return { outcome: 'found', version: row.version, secret: new Secret(content) };
  }

  override async readMetadata(address: SecretAddress, signal?: AbortSignal): Promise<Metadata | Absent | Unavailable> {
    const rows = await this.run(signal, async () => await READ_METADATA.all(this.database, keyOf(address)));
    if (!Array.isArray(rows)) return rows;
    const last = rows.at(-1);
    if (last === undefined) return { outcome: 'absent' };
    const versions = rows.map(({ version, created, ...marks }) => ({ version, created, state: stateOf(marks) }));
    return { outcome: 'found', currentVersion: last.version, versions };
  }

  override async list(accountId: string, signal?: AbortSignal): Promise<Listed | Unavailable> {
    const parameters = { clientExtId: accountId };
    const rows = await this.run(signal, async () => await LIST_SECRETS.all(this.database, parameters));
    if (!Array.isArray(rows)) return rows;
    return { outcome: 'listed', keyStoreIds: rows.map(({ keyStoreId }) => keyStoreId) };
  }

  override async softDelete(
    address: SecretAddress,
    version: number,
    signal?: AbortSignal,
  ): Promise<Done | Unavailable> {
    const parameters = { ...keyOf(address), version, now: this.clock.now() };
    return done(await this.run(signal, async () => await SOFT_DELETE_SECRET.all(this.database, parameters)));
  }

  override async destroy(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable> {
    const parameters = { ...keyOf(address), version, now: this.clock.now() };
    return done(await this.run(signal, async () => await DESTROY_SECRET.all(this.database, parameters)));
  }

  override async erase(address: SecretAddress, signal?: AbortSignal): Promise<Done | Unavailable> {
    return done(await this.run(signal, async () => await ERASE_SECRET.all(this.database, keyOf(address))));
  }

  override async isReachable(): Promise<boolean> {
    return await this.probe.isReady();
  }

  /** The database has its own time limits; `signal` prevents a call from starting too late. */
  private async run<Row>(
    signal: AbortSignal | undefined,
    statement: () => Promise<Row[]>,
  ): Promise<Row[] | Unavailable> {
    if (signal?.aborted === true) return { outcome: 'unavailable', reason: 'timeout' };
    try {
      return await statement();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'errors.unavailable') throw error;
      return { outcome: 'unavailable', reason: isTimeout(error) ? 'timeout' : 'unreachable' };
    }
  }
}

function done(rows: readonly unknown[] | Unavailable): Done | Unavailable {
  return 'outcome' in rows ? rows : { outcome: 'done' };
}

function keyOf({ accountId, keyStoreId }: SecretAddress) {
  return { clientExtId: accountId, keyStoreId };
}

function placeOf({ accountId, keyStoreId }: SecretAddress, version: number): EnvelopePlace {
  return { accountId, keyStoreId, version };
}

function stateOf({ deleted, destroyed }: Marks): 'live' | 'deleted' | 'destroyed' {
  if (destroyed) return 'destroyed';
  return deleted ? 'deleted' : 'live';
}
