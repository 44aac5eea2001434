import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { CertificateBackfill } from '../src/certificates/certificate-backfill.js';
import { MAX_WRITTEN } from '../src/database/backfill.js';
import { NotLeaderError } from '../src/database/leader.js';
import { startApp, type TestApp } from './support/app.js';
import { Backfills } from './support/backfills.js';
import { Fixture } from './support/fixture.js';
import { send } from './support/http.js';
import { issueCertificate } from './support/pki.js';

const CERTIFICATES = 3_000;
const BATCHES = CERTIFICATES / MAX_WRITTEN;

/** As many as one of the smaller tests forgets. */
const SOME = 5 * MAX_WRITTEN;

/** Of the certificates of this test, by the type of their key. */
interface Row {
  readonly extId: string;
  readonly version: number;
  readonly lastModified: Date;
  readonly keyType: string | null;
  readonly isDescribed: boolean;
}

const READ = `select ext_id as "extId", version, last_modified as "lastModified", key_type as "keyType",
    described_sha256 is not distinct from sha256 as "isDescribed"
  from credentials where type = 'Certificate' order by ext_id`;

const FORGET = `update credentials set key_type = null, public_key_sha256 = null, signature_algorithm = null,
  subject_alternative_names = null, key_usage = null, extended_key_usage = null, authority_key_identifier = null,
  described_sha256 = null where ext_id <= 'copy-' || lpad($1::text, 4, '0')`;

/** Copies of one certificate, which therefore have invented digests. */
const COPY = `insert into credentials select r.* from credentials c, generate_series(1, $1::integer) as n,
    lateral jsonb_populate_record(c, jsonb_build_object('ext_id', 'copy-' || lpad(n::text, 4, '0'),
      'generation', gen_random_uuid(), 'sha256', '\\x' || encode(sha256(n::text::bytea), 'hex'))) as r
  where c.ext_id = 'first'`;

/** As a server that does not know the search columns replaces a certificate. */
const REPLACE = `update credentials set der = $2, sha256 = sha256($2), version = version + 1 where ext_id = $1`;

let fixture: Fixture;
let other: TestApp;
let backfills: Backfills;

beforeAll(async () => {
  fixture = await Fixture.start();
  const { url } = fixture.app.dataSource.options as { url: string };
  other = await startApp({}, () => url);
  backfills = new Backfills([fixture.app, other]);
  await fixture.register('first');
  await fixture.app.dataSource.query(COPY, [CERTIFICATES]);
});

afterAll(async () => {
  await other.close();
  await fixture.app.close();
});

beforeEach(async () => await backfills.lookAgain());

const forget = async (certificates: number): Promise<void> => {
  await fixture.app.dataSource.query(FORGET, [certificates]);
};
const forgetSome = async (): Promise<void> => await forget(SOME);

const run = async (app: TestApp = fixture.app): Promise<void> => await app.get(CertificateBackfill).run();
const rows = async (): Promise<readonly Row[]> => await fixture.app.dataSource.query<Row[]>(READ);
const described = async (): Promise<number> =>
  (await rows()).filter(({ extId, isDescribed }) => isDescribed && extId !== 'first').length;
const credentialPath = (extId: string) => `${fixture.path()}/${extId}`;

test(`${CERTIFICATES} certificates are described in batches, with interruptions, without a new version or an audit event`, async () => {
  await forget(CERTIFICATES);
  const before = await rows();
  expect(before).toHaveLength(CERTIFICATES + 1);
  const written = await backfills.countEvents();
  const sizes: number[] = [];
  let interruptions = 0;
  for (let allowed = 10; (await described()) < CERTIFICATES; allowed += 10) {
    backfills.beforeEachBatch(fixture.app, (batch) => {
      if (batch === allowed) throw new Error('interrupted');
    });
    await run().catch((error: unknown) => {
      if ((error as Error).message !== 'interrupted') throw error;
      interruptions += 1;
    });
    vi.restoreAllMocks();
    sizes.push(await described());
  }
  expect(interruptions).toBe(4);
  expect(sizes).toEqual([10, 30, 60, 100, BATCHES].map((batches) => batches * MAX_WRITTEN));
  expect(await rows()).toEqual(before.map((row) => ({ ...row, keyType: 'EC:P-256', isDescribed: true })));
  expect(await backfills.countEvents()).toBe(written);
});

test('the metrics and the log tell when every certificate is described', async () => {
  await forgetSome();
  const before = Number(await backfills.metric('certkeep_search_columns_written_total'));
  await run();
  expect(await backfills.metric('certkeep_search_columns_complete')).toBe('0');
  expect(Number(await backfills.metric('certkeep_search_columns_written_total'))).toBe(before + SOME);
  await run();
  expect(await backfills.metric('certkeep_search_columns_complete')).toBe('1');
  expect(await backfills.metric('certkeep_search_columns_complete', other)).toBe('0');
  expect(fixture.app.log.filter((line) => line.includes(`"certificates":${SOME}`)).length).toBeGreaterThan(0);
});

test('one of two servers does it; when the other becomes the leader, the first writes no more', async () => {
  await forgetSome();
  backfills.beforeEachBatch(fixture.app, async (batch) => {
    if (batch !== 2) return;
    await run(other);
    expect(await described()).toBe(CERTIFICATES - SOME + 2 * MAX_WRITTEN);
    await fixture.app.dataSource.query(`update leases set until = clock_timestamp() - interval '1 s'`);
    backfills.beforeEachBatch(other, (othersBatch) => {
      if (othersBatch === 2) throw new Error('interrupted');
    });
    await expect(run(other)).rejects.toThrow('interrupted');
  });
  await expect(run()).rejects.toThrow(NotLeaderError);
  expect(await described()).toBe(CERTIFICATES - SOME + 4 * MAX_WRITTEN);
});

test('a certificate that is replaced meanwhile keeps what its PATCH wrote', async () => {
  await forgetSome();
  const pem = await fixture.pem('replaced meanwhile', { keyType: 'RSA-2048' });
  const replaced = { extId: 'copy-0001', keyType: 'RSA:2048', version: 2 };
  backfills.beforeEachBatch(fixture.app, async (batch) => {
    if (batch > 0) throw new Error('interrupted');
    const answer = await send(fixture.app, 'PATCH', credentialPath(replaced.extId), {
      token: await fixture.app.token(),
      body: { certificate: pem },
    });
    expect(answer.status).toBe(200);
    await fixture.app.dataSource.query(REPLACE, ['copy-0002', (await issueCertificate({ subject: [] })).der]);
  });
  await expect(run()).rejects.toThrow('interrupted');
  const [first, second, third] = await rows();
  expect(first).toMatchObject({ ...replaced, isDescribed: true });
  // The next pass finds what an older server has written.
  expect(second).toMatchObject({ extId: 'copy-0002', version: 2, keyType: null, isDescribed: false });
  expect(third).toMatchObject({ isDescribed: true });
});

test('what an older server replaces or adds afterwards is found', async () => {
  await forgetSome();
  await run();
  await run();
  const { der } = await issueCertificate({ subject: [], keyType: 'Ed25519' });
  await fixture.app.dataSource.query(REPLACE, ['copy-0003', der]);
  await run();
  expect(await described()).toBe(CERTIFICATES - 1);
  fixture.app.clock.advance(3_600_001);
  await run();
  expect((await rows()).find(({ extId }) => extId === 'copy-0003')).toMatchObject({
    keyType: 'Ed25519',
    isDescribed: true,
  });
});

test('a row that somebody else has locked is left for the next pass', async () => {
  await forgetSome();
  const { url } = fixture.app.dataSource.options as { url: string };
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`begin; select 1 from credentials where ext_id = 'copy-0004' for update`);
    await run();
    expect(await described()).toBe(CERTIFICATES - 1);
  } finally {
    await client.end();
  }
  await run();
  expect(await described()).toBe(CERTIFICATES);
});

test('a certificate that cannot be read is reported once and keeps its other columns', async () => {
  await fixture.app.dataSource.query(REPLACE, ['copy-0005', Buffer.from('damaged')]);
  await run();
  await run();
  const reports = fixture.app.log.filter((line) => line.includes('a stored certificate cannot be read'));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toContain('copy-0005');
  const [row] = await fixture.app.dataSource.query<[{ notAfter: Date; keyType: string | null }]>(
    `select not_after as "notAfter", key_type as "keyType" from credentials where ext_id = 'copy-0005'`,
  );
  expect(row).toEqual({ notAfter: new Date('2027-01-01T00:00:00Z'), keyType: null });
});
