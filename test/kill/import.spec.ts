import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { BulkFixture } from '../support/bulk-fixture.js';
import { CORE, send } from '../support/http.js';
import { linesOf } from '../support/import-fixture.js';
import type { KillPoint } from '../support/killable-server.js';
import { KilledJobServers, KILLS } from '../support/killed-job-servers.js';

/** More than the killed servers get done: each may commit a transaction or two. */
const LINES = KILLS * 100 + 300;

const CERTIFICATES = 20;

let bulk: BulkFixture;
let servers: KilledJobServers;

/** After each statement of some lines and after their commit, then during each, and further and further into the lines. */
function killPointOf(number: number): KillPoint {
  return { step: 2 + ((number * 37) % 210), when: number % 2 === 0 ? 'after' : 'during', milliseconds: number % 4 };
}

beforeAll(async () => {
  bulk = await BulkFixture.start();
  servers = new KilledJobServers(bulk);
  // The killed servers use the system clock.
  bulk.app.clock.set(new SystemClock().now());
});

afterAll(async () => {
  servers.close();
  await bulk.close();
});

test(
  '17.4 the server is killed again and again while an import runs: every line has an effect once, none is passed over',
  { timeout: 300_000 + KILLS * 20_000 },
  async () => {
    const certificates = await Promise.all(
      Array.from({ length: CERTIFICATES }, async (_, index) => await bulk.fixture.pem(`Line ${index}`)),
    );
    const lines = Array.from({ length: LINES }, (_, index) => ({
      userExtId: `line-${index}`,
      remarks: 'imported',
      // The first of each thirty also has a certificate, and one of each fifty is refused.
      ...(index % 30 === 0 && { certificate: certificates[index / 30] }),
      ...(index % 50 === 7 && { birthDate: 'never' }),
    }));
    const token = await bulk.app.token();
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const sent = await send(bulk.app, 'POST', `${CORE}/100/import`, { token, headers, body: linesOf(lines) });
    expect(sent.status).toBe(202);
    const { id } = sent.body as { id: string };
    await servers.run(killPointOf);
    const refused = lines.filter((line) => 'birthDate' in line).length;
    const changed = LINES - refused;
    const done = `select count(*)::integer as done from job_rows where result is not null`;
    const [progress] = await bulk.app.dataSource.query<{ done: number }[]>(done);
    expect(progress?.done).toBeLessThan(LINES);
    await bulk.work();
    const counts = { total: LINES, changed, refused, unchanged: 0, gone: 0 };
    expect(await bulk.read(id)).toMatchObject({ status: 'completed', ...counts });
    const users = `select version, count(*)::integer as count from users where ext_id like 'line-%' group by version`;
    expect(await bulk.app.dataSource.query(users)).toEqual([{ version: 1, count: changed }]);
    const events = `select kind, count(*)::integer as events, count(distinct ext_id)::integer as resources
      from audit_events where action = 'created' and kind in ('user', 'certificate') group by kind order by kind`;
    const registered = Math.min(CERTIFICATES, Math.ceil(LINES / 30));
    expect(await bulk.app.dataSource.query(events)).toEqual([
      { kind: 'certificate', events: registered, resources: registered },
      { kind: 'user', events: changed, resources: changed },
    ]);
    const jobEvents = await bulk.events(id);
    expect(jobEvents.map(({ action }) => action)).toEqual(['created', 'changed']);
  },
);
