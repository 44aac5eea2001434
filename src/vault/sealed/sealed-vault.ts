import type { Clock } from '../../common/clock.js';
import { AppError } from '../../common/errors.js';
import { Secret } from '../../common/secret.js';
import { isTimeout } from '../../database/database-error.js';
import type { Database, Statement } from '../../database/database.js';
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
import { open, seal, type Envelope, type EnvelopePlace, type KeyRing } from './envelope.js';
import {
  DESTROY_SECRET,
  ERASE_SECRET,
  LIST_SECRETS,
  READ_METADATA,
  READ_SECRET,
  SOFT_DELETE_SECRET,
  WRITE_SECRET,
} from './sealed-secrets.queries.js';

interface Marks {
  readonly version: number;
  readonly deleted: boolean;
  readonly destroyed: boolean;
}

/** The embedded vault: encrypted by us, kept in our own database, opened by nothing but the key-encryption key. */
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
    const { keyId, wrappedKey, nonce, ciphertext } = seal(this.ring, placeOf(address, expectedVersion + 1), plaintext);
    const rows = await this.run<{ version: number }>(
      WRITE_SECRET,
      [...keyOf(address), expectedVersion, keyId, wrappedKey, nonce, ciphertext, this.clock.now()],
      signal,
    );
    if (!Array.isArray(rows)) return rows;
    const [row] = rows;
    return row === undefined ? { outcome: 'conflict' } : { outcome: 'written', version: row.version };
  }

  override async read(
    address: SecretAddress,
    version?: number,
    signal?: AbortSignal,
  ): Promise<Found | Absent | Deleted | Unavailable> {
    const rows = await this.run<Marks & Envelope>(READ_SECRET, [...keyOf(address), version ?? null], signal);
    if (!Array.isArray(rows)) return rows;
    const [row] = rows;
    if (row === undefined || row.destroyed) return { outcome: 'absent' };
    if (row.deleted) return { outcome: 'deleted' };
    const plaintext = open(this.ring, placeOf(address, row.version), row);
    const content = plaintext === undefined ? undefined : readStoredContent(JSON.parse(plaintext.toString()));
    if (content === undefined) return { outcome: 'unavailable', reason: 'unreadable' };
    return { outcome: 'found', version: row.version, secret: new Secret(content) };
  }

  override async readMetadata(address: SecretAddress, signal?: AbortSignal): Promise<Metadata | Absent | Unavailable> {
    const rows = await this.run<Marks & { created: Date }>(READ_METADATA, keyOf(address), signal);
    if (!Array.isArray(rows)) return rows;
    const last = rows.at(-1);
    if (last === undefined) return { outcome: 'absent' };
    const versions = rows.map(({ version, created, ...marks }) => ({ version, created, state: stateOf(marks) }));
    return { outcome: 'found', currentVersion: last.version, versions };
  }

  override async list(accountId: string, signal?: AbortSignal): Promise<Listed | Unavailable> {
    const rows = await this.run<{ keyStoreId: string }>(LIST_SECRETS, [accountId], signal);
    if (!Array.isArray(rows)) return rows;
    return { outcome: 'listed', keyStoreIds: rows.map(({ keyStoreId }) => Number(keyStoreId)) };
  }

  override async softDelete(
    address: SecretAddress,
    version: number,
    signal?: AbortSignal,
  ): Promise<Done | Unavailable> {
    return await this.change(SOFT_DELETE_SECRET, [...keyOf(address), version, this.clock.now()], signal);
  }

  override async destroy(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable> {
    return await this.change(DESTROY_SECRET, [...keyOf(address), version, this.clock.now()], signal);
  }

  override async erase(address: SecretAddress, signal?: AbortSignal): Promise<Done | Unavailable> {
    return await this.change(ERASE_SECRET, keyOf(address), signal);
  }

  override async isReachable(): Promise<boolean> {
    return await this.probe.isReady();
  }

  private async change(
    statement: Statement,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<Done | Unavailable> {
    const rows = await this.run(statement, values, signal);
    return Array.isArray(rows) ? { outcome: 'done' } : rows;
  }

  /** The database has time limits of its own; `signal` keeps a call from beginning too late. */
  private async run<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<Row[] | Unavailable> {
    if (signal?.aborted === true) return { outcome: 'unavailable', reason: 'timeout' };
    try {
      return await this.database.run<Row>(statement, values);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'errors.unavailable') throw error;
      return { outcome: 'unavailable', reason: isTimeout(error) ? 'timeout' : 'unreachable' };
    }
  }
}

function keyOf({ accountId, keyStoreId }: SecretAddress): readonly [string, number] {
  return [accountId, keyStoreId];
}

function placeOf({ accountId, keyStoreId }: SecretAddress, version: number): EnvelopePlace {
  return { accountId, keyStoreId, version };
}

function stateOf({ deleted, destroyed }: Omit<Marks, 'version'>): 'live' | 'deleted' | 'destroyed' {
  if (destroyed) return 'destroyed';
  return deleted ? 'deleted' : 'live';
}
