import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { variablesBeside } from '../support/built-server.js';
import { Fixture } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { Haproxy, isHaproxyMissing, PROBES } from '../support/haproxy.js';
import { CORE } from '../support/http.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';
import { SteadyLoad } from '../support/steady-load.js';

/** `npm run test:rolling` sets more. */
const REQUESTS = Number(process.env['CERTKEEP_ROLLING_REQUESTS'] ?? 5_000);
const RESTARTS = Number(process.env['CERTKEEP_ROLLING_RESTARTS'] ?? 2);

const CALLERS = 8;

/** The default of DRAIN_SECONDS for a server with its own database. */
const DEFAULT_DRAIN_MS = 2_500;

const isSkipped = isHaproxyMissing();

let fixture: Fixture;
let folder: SettingsFolder;
let variables: Readonly<Record<string, string>>;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  if (isSkipped) return;
  fixture = await Fixture.start();
  for (let caller = 0; caller < CALLERS; caller += 1) await fixture.register(`cert-${caller}`);
  // The servers use the system clock.
  fixture.app.clock.set(new SystemClock().now());
  folder = new SettingsFolder();
  variables = { ...variablesBeside(fixture.app, folder), LOG_LEVEL: 'error' };
});

afterAll(async () => {
  if (isSkipped) return;
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  folder.remove();
  await fixture.app.close();
});

async function startServer(port: number): Promise<BuiltProgram> {
  const program = BuiltProgram.start('main.js', { ...variables, PORT: String(port) });
  programs.push(program);
  await program.says(/listens on/);
  return program;
}

test('draining takes longer than HAProxy needs to notice it: inter × fall', () => {
  expect(PROBES.interMs * PROBES.fall).toBeLessThan(DEFAULT_DRAIN_MS);
});

test.skipIf(isSkipped)(
  `${RESTARTS} rolling restarts behind HAProxy lose none of ${REQUESTS} requests, and no acknowledged write`,
  { timeout: 300_000 + REQUESTS * 20 },
  async () => {
    const ports = { one: await freePort(), two: await freePort() };
    const servers = { one: await startServer(ports.one), two: await startServer(ports.two) };
    const haproxy = await Haproxy.start(ports);
    try {
      await haproxy.sees('one', 'UP');
      await haproxy.sees('two', 'UP');
      const token = await fixture.app.token({ exp: Math.floor(fixture.app.clock.now().getTime() / 1000) + 86_400 });
      const load = new SteadyLoad(haproxy.port, { Authorization: `Bearer ${token}` });
      const counts = { patches: 0, posts: 0 };
      const running = load.run(CALLERS, (caller, number) => {
        const path = `${fixture.path()}/cert-${caller}`;
        if (number % 10 === 1) {
          counts.patches += 1;
          return { method: 'PATCH', path, body: { modificationComment: `number ${number}` }, expected: 200 };
        }
        if (number % 10 === 2) {
          counts.posts += 1;
          const extId = `user-${caller}-${number}`;
          const body = { extId, loginId: extId, name: { firstName: 'Jane', familyName: 'Doe' } };
          return { method: 'POST', path: `${CORE}/100/users`, body, expected: 201 };
        }
        return { method: 'GET', path, expected: 200 };
      });
      for (let restart = 0; restart < RESTARTS; restart += 1) {
        const name = restart % 2 === 0 ? 'one' : 'two';
        await load.reaches(Math.floor((REQUESTS * (restart + 1)) / (RESTARTS + 1)));
        servers[name].signal('SIGTERM');
        expect(await servers[name].exit()).toBe(0);
        await haproxy.sees(name, 'DOWN');
        servers[name] = await startServer(ports[name]);
        await haproxy.sees(name, 'UP');
      }
      await load.reaches(REQUESTS);
      load.stop();
      await running;
      console.log(`${RESTARTS} rolling restarts: ${load.answered} answered, ${load.lost.length} lost.`);

      expect(load.lost).toEqual([]);
      expect(load.answered).toBeGreaterThanOrEqual(REQUESTS);
      expect(await written()).toEqual(counts);
    } finally {
      await haproxy.stop();
    }
  },
);

async function written(): Promise<unknown> {
  const [row] = await fixture.app.dataSource.query<[unknown]>(
    `select (select sum(version - 1)::int from credentials) as patches,
       (select count(*)::int from users where ext_id like 'user-%') as posts`,
  );
  return row;
}
