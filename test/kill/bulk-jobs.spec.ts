import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { BulkFixture } from '../support/bulk-fixture.js';
import type { KillPoint } from '../support/killable-server.js';
import { KilledJobServers, KILLS } from '../support/killed-job-servers.js';

/** More rows than the killed servers get done. */
const ROWS = KILLS * 6 + 10;

let bulk: BulkFixture;
let servers: KilledJobServers;

/** After each statement of a row and after its commit, then during each, and further and further into the rows. */
function killPointOf(number: number): KillPoint {
  return { step: 1 + ((number * 3) % 25), when: number % 2 === 0 ? 'after' : 'during', milliseconds: number % 4 };
}

beforeAll(async () => {
  bulk = await BulkFixture.start();
  servers = new KilledJobServers(bulk);
  await bulk.fixture.register('first');
  // The killed servers use the system clock.
  bulk.app.clock.set(new SystemClock().now());
  await bulk.app.dataSource.query(
    `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state, state_set_by,
        reason, valid_from, valid_to, der, sha256, sha1, successes, failures, failures_since_lock, version, created,
        last_modified)
      select client_ext_id, 'row-' || n, gen_random_uuid(), user_ext_id, policy_ext_id, type, state, state_set_by, reason,
        valid_from, valid_to, der, sha256(n::text::bytea), substring(sha256(n::text::bytea), 1, 20), 0, 0, 0, 1, created,
        last_modified
      from credentials, generate_series(2, $1::integer) n where ext_id = 'first'`,
    [ROWS],
  );
});

afterAll(async () => {
  servers.close();
  await bulk.close();
});

test(
  '17.2 the server is killed again and again while a job runs: every row changes once, none is passed over',
  { timeout: 300_000 + KILLS * 20_000 },
  async () => {
    const token = await bulk.app.token();
    const body = { action: 'disable', filter: { userExtId: 'helper-7' } };
    const job = (await bulk.post(body, { token })).body as { id: string; total: number };
    expect(job.total).toBe(ROWS);
    const { id } = job;
    await servers.run(killPointOf);
    const progress = (await bulk.request('GET', bulk.path(`/${id}`), { token })).body as { changed: number };
    expect(progress.changed).toBeGreaterThan(0);
    expect(progress.changed).toBeLessThan(ROWS);
    await bulk.work();
    const ended = await bulk.request('GET', bulk.path(`/${id}`), { token });
    const results = { status: 'completed', total: ROWS, changed: ROWS, unchanged: 0, refused: 0, gone: 0 };
    expect(ended.body).toMatchObject(results);
    const versions = `select state, version, count(*)::integer as count from credentials group by state, version`;
    expect(await bulk.app.dataSource.query(versions)).toEqual([{ state: 'disabled', version: 2, count: ROWS }]);
    const events = `select version, count(*)::integer as events, count(distinct ext_id)::integer as certificates
      from audit_events where kind = 'certificate' and action = 'changed' group by version`;
    expect(await bulk.app.dataSource.query(events)).toEqual([{ version: 2, events: ROWS, certificates: ROWS }]);
    const ofJob = await bulk.events(id);
    expect(ofJob.map(({ action }) => action)).toEqual(['created', 'changed']);
  },
);
