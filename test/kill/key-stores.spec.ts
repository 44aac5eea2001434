import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { readSettings } from '../../src/config/read-settings.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
import { ACCOUNT, KeyStoreFixture, makeFile, type MadeFile } from '../support/key-store-fixture.js';
import { type KillPoint, KillableServer } from '../support/killable-server.js';
import { isOpenBaoMissing, OpenBao } from '../support/openbao.js';

/** For each vault: each step of each operation once after it and once during it; `npm run test:crash` sets more. */
const KILLS = Number(process.env['CERTKEEP_KILLS'] ?? 28);

/** The number of steps of each operation; a deletion answers after its third. */
const STEPS = {
  // read, store the row, write the secret, complete the row
  create: 4,
  // find it, read it with its names, claim it, write the secret, update the row, destroy the old secret, release the claim
  replace: 7,
  // read, mark the row, delete the secret
  delete: 3,
} as const;
type Operation = keyof typeof STEPS;

/** Kills after each step of each operation, then during each step, and so on. */
function* schedule(count: number): Generator<{ operation: Operation; killPoint: KillPoint }> {
  const points = (Object.keys(STEPS) as Operation[]).flatMap((operation) =>
    Array.from({ length: STEPS[operation] }, (_, index) => ({ operation, step: index + 1 })),
  );
  for (let number = 0; number < count; number += 1) {
    const { operation, step } = points[number % points.length] as (typeof points)[number];
    const round = Math.floor(number / points.length);
    const when = round % 2 === 0 ? 'after' : 'during';
    yield { operation, killPoint: { step, when, milliseconds: (number % 8) / 2 } };
  }
}

/** One operation during which the server was killed. */
interface Attempt {
  readonly operation: Operation;
  readonly name: string;
  readonly id: number | undefined;
  readonly answered: boolean;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly vaultVersion: number | null;
  readonly sha256: string;
  readonly claimed: boolean;
  readonly deleted: boolean;
}

const openBaoMissing = isOpenBaoMissing();
const sha256 = ({ p12 }: MadeFile) => createHash('sha256').update(p12).digest('hex');

describe.each([
  ['SealedVault', false],
  ['OpenBao', true],
])('on %s', (_vault, onOpenBao) => {
  const isSkipped = onOpenBao && openBaoMissing;
  let folder: string;
  let server: OpenBao | undefined;
  let fixture: KeyStoreFixture;
  let variables: Record<string, string>;
  let file: MadeFile;
  let other: MadeFile;

  beforeAll(async () => {
    if (isSkipped) return;
    folder = await mkdtemp(join(tmpdir(), 'certkeep-kill-'));
    const write = async (name: string, content: string | Buffer): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    file = await makeFile('first', 'paw1');
    other = await makeFile('second', 'paw2');
    const jwt = randomBytes(48).toString('hex');
    const common = {
      JWT_ISSUER: 'certkeep',
      JWT_AUDIENCE: 'certkeep',
      JWT_SECRET_FILE: await write('jwt', jwt),
      X_TOKEN_SECRET_FILE: await write('x-token', randomBytes(48).toString('hex')),
      RECONCILE_SECONDS: '3600',
      DATABASE_POOL: '2',
    };
    server = onOpenBao ? await OpenBao.start() : undefined;
    const vault =
      server === undefined
        ? { VAULT_KEY_FILE: await write('vault-key', randomBytes(32).toString('base64')) }
        : { VAULT_ADDR: server.address.origin, VAULT_TOKEN_FILE: await write('vault-token', 'root') };
    const settings = readSettings({ ...common, ...vault, DATABASE_URL: 'postgres://nobody/nothing' });
    // The killed servers use the system clock.
    fixture = await KeyStoreFixture.start({ vault: settings.vault }, new SystemClock().now());
    await writeFile(join(folder, 'jwt'), fixture.app.tokenKey.export());
    const { url } = fixture.app.dataSource.options as { url: string };
    variables = { ...common, ...vault, DATABASE_URL: url };
  });

  afterAll(async () => {
    if (isSkipped) return;
    await fixture.app.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  const share = Math.ceil(openBaoMissing ? KILLS : KILLS / 2);

  test.skipIf(isSkipped)(
    'L3, L5, L8 a server is killed around every step: answered changes are kept, and database and vault agree',
    { timeout: 300_000 + share * 10_000 },
    async () => {
      const token = await fixture.app.token({ client_ext_id: ACCOUNT });
      const attempts: Attempt[] = [];
      let next = KillableServer.start(variables);
      try {
        for (const { operation, killPoint } of schedule(share)) {
          const killed = await next;
          // The next one starts meanwhile.
          next = KillableServer.start(variables);
          const name = `killed ${attempts.length}`;
          const id = operation === 'create' ? undefined : (await fixture.create(name, file)).id;
          const [method, path, body] = requestOf(operation, name, id);
          const answer = await killed.killDuring(killPoint, method, path, token, body);
          attempts.push({ operation, name, id, answered: answer !== undefined });
        }
      } finally {
        (await next).stop();
      }

      fixture.app.clock.set(new SystemClock().now());
      // A killed leader keeps its lease for seconds of the database's own clock, which no test can set.
      await fixture.app.dataSource.query('delete from leases');
      await fixture.reconcile();
      // One pass has a limit, so several are run. The clock stands still: nothing becomes settled only by waiting.
      for (let settled = 0; settled < share; settled += 50) await fixture.app.scheduler.runAll();
      await expectAgreement();
      const rows = await readRows();
      for (const attempt of attempts) expectAllOrNothing(attempt, rows);
      expect(attempts).toHaveLength(share);
      expect(attempts.filter(({ answered }) => !answered).length).toBeGreaterThanOrEqual(share / 2);
    },
  );

  function requestOf(operation: Operation, name: string, id?: number): [string, string, unknown] {
    const item = ({ p12, password }: MadeFile) => ({ name, p12: p12.toString('base64'), password });
    if (operation === 'create') return ['POST', fixture.path(), [item(file)]];
    if (operation === 'replace') return ['PUT', fixture.path(id), item(other)];
    return ['DELETE', fixture.path(id), undefined];
  }

  async function readRows(): Promise<Row[]> {
    return await fixture.app.dataSource.query<Row[]>(
      `select id, name, state, vault_version as "vaultVersion", encode(p12_sha256, 'hex') as "sha256",
         claim is not null as claimed, deleted_at is not null as deleted from key_stores`,
    );
  }

  /** Nothing is half done, every available row has exactly its own secret, and every secret has a row. */
  async function expectAgreement(): Promise<void> {
    const vault = fixture.app.get(SecretVault);
    const rows = await readRows();
    const listed = await vault.list(ACCOUNT);
    if (listed.outcome !== 'listed') throw new Error('The vault does not answer.');
    const known = new Set(rows.map(({ id }) => Number(id)));
    expect(listed.keyStoreIds.filter((id) => !known.has(id))).toEqual([]);
    for (const row of rows) {
      expect(row.claimed, row.name).toBe(false);
      const address = { accountId: ACCOUNT, keyStoreId: Number(row.id) };
      const metadata = await vault.readMetadata(address);
      const versions = metadata.outcome === 'found' ? metadata.versions : [];
      const live = versions.filter(({ state }) => state === 'live').map(({ version }) => version);
      expect(live, row.name).toEqual(row.deleted ? [] : [row.vaultVersion]);
      if (row.deleted) continue;
      expect(row.state, row.name).toBe('available');
      // The current version in the vault is the one of the row.
      expect(metadata.outcome === 'found' && metadata.currentVersion, row.name).toBe(row.vaultVersion);
      const found = await vault.read(address, row.vaultVersion ?? undefined);
      const p12 = found.outcome === 'found' ? found.secret.reveal().p12 : Buffer.alloc(0);
      expect(createHash('sha256').update(p12).digest('hex'), row.name).toBe(row.sha256);
    }
  }

  /** A change happened completely or not at all, and completely where it was answered. */
  function expectAllOrNothing({ operation, name, id, answered }: Attempt, rows: readonly Row[]): void {
    const row = rows.find((one) => (id === undefined ? one.name === name : Number(one.id) === id));
    if (operation === 'create') {
      if (answered) expect(row, name).toBeDefined();
      if (row !== undefined) expect(row.sha256).toBe(sha256(file));
      return;
    }
    if (row === undefined) throw new Error(`${name} is lost.`);
    if (operation === 'delete') {
      if (answered) expect(row.deleted, name).toBe(true);
      return;
    }
    expect(row.deleted, name).toBe(false);
    expect(answered ? [sha256(other)] : [sha256(file), sha256(other)], name).toContain(row.sha256);
  }
});
