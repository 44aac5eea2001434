import { Agent, request } from 'node:http';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../src/common/clock.js';
import { variablesBeside } from './support/built-server.js';
import { Fixture } from './support/fixture.js';
import { freePort } from './support/free-port.js';
import { CORE } from './support/http.js';
import { BuiltProgram } from './support/process.js';
import { SettingsFolder } from './support/settings-folder.js';

/** With four connections, the server can do eighty requests a second. */
const POOL = 4;
/**
 * The database itself takes 50 ms for each read of a user. If this process delayed its answers, as a proxy, they would be as
 * late as the thousand callers keep this process busy, and the database would count as unreachable.
 */
const SLOW_READS = `alter table users rename to stored_users;
  create view users as select * from stored_users where pg_sleep(0.05) is not null`;

/** The connections of each client; a calm one, which waits for each answer, beside two that send far more than the server can do. */
const CONNECTIONS = { '100': 700, '200': 299, '300': 1 } as const;
const CLIENTS = Object.keys(CONNECTIONS) as (keyof typeof CONNECTIONS)[];

/** Of the calm client, one after another; the others go on until they have been answered. */
const REQUESTS = 10;

/** Of each client, sent at once after the burst; all of them are served within a second of the server's time. */
const AFTERWARDS = 15;

/** The server's own limits of what waits, for a connection and for its turn. */
const MAX_WAITING = 2_000;

interface Answered {
  readonly client: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly milliseconds: number;
}

let fixture: Fixture;
let folder: SettingsFolder;
let program: BuiltProgram;
let port: number;
let token: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  for (const client of CLIENTS.slice(1)) {
    await fixture.builders.client(client);
    await fixture.builders.policy(client, 'default');
    await fixture.builders.user(client, 'helper-7');
  }
  const exp = Math.floor(new SystemClock().now().getTime() / 1000) + 86_400;
  token = await fixture.app.token({ exp, data_room: { clients: ['*'] } });
  folder = new SettingsFolder();
  port = await freePort();
  program = BuiltProgram.start('main.js', {
    ...variablesBeside(fixture.app, folder),
    DATABASE_POOL: String(POOL),
    MAX_CONNECTIONS: '3000',
    LOG_LEVEL: 'error',
    PORT: String(port),
    DRAIN_SECONDS: '0',
  });
  await program.says(/listens on/);
  await fixture.app.dataSource.query(SLOW_READS);
});

afterAll(async () => {
  program.signal('SIGKILL');
  await program.exit();
  folder.remove();
  await fixture.app.close();
});

async function get(client: string, agent: Agent, path = `${CORE}/${client}/users/helper-7`): Promise<Answered> {
  const begun = performance.now();
  return await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, agent, headers: { Authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume().on('end', () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ client, status, retryAfter: headers['retry-after'], milliseconds: performance.now() - begun });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function burst(): Promise<readonly Answered[]> {
  const agents = CLIENTS.flatMap((client) =>
    Array.from({ length: CONNECTIONS[client] }, () => ({
      client,
      agent: new Agent({ keepAlive: true, maxSockets: 1 }),
    })),
  );
  const answered: Answered[] = [];
  let calm = CONNECTIONS['300'] * REQUESTS;
  const callers = agents.map(async ({ client, agent }) => {
    for (let number = 0; client === '300' ? number < REQUESTS : calm > 0; number += 1) {
      answered.push(await get(client, agent));
      if (client === '300') calm -= 1;
    }
    agent.destroy();
  });
  await Promise.all([...callers, probeUntil(() => calm <= 0)]);
  return answered;
}

/** What the probes get until all requests of the calm client have been answered. */
async function probeUntil(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    for (const path of ['/health/live', '/health/ready']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
    }
    for (const queue of ['connections', 'requests']) {
      expect(await metric('certkeep_queue_waiting', `queue="${queue}"`)).toBeLessThanOrEqual(MAX_WAITING);
    }
  }
}

async function metric(name: string, ...labels: readonly string[]): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const found = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)));
  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function refusals(queue: string, reason: string): Promise<number> {
  return await metric('certkeep_queue_refused_total', `queue="${queue}"`, `reason="${reason}"`);
}

/** Of requests of all clients that are sent at once. */
async function statusesAfterwards(): Promise<ReadonlySet<number>> {
  const agent = new Agent();
  const callers = CLIENTS.flatMap((client) => Array.from({ length: AFTERWARDS }, async () => await get(client, agent)));
  return new Set((await Promise.all(callers)).map(({ status }) => status));
}

test('beyond its capacity the server answers 200 or, at once, 503; a calm client and probes are served, and soon everybody is', async () => {
  const answered = await burst();
  const late = await refusals('connections', 'waited_too_long');
  let refused = late;
  for (const queue of ['connections', 'requests']) {
    for (const reason of ['client_limit', 'overloaded']) refused += await refusals(queue, reason);
  }
  const endedAt = performance.now();
  await expect.poll(statusesAfterwards, { interval: 1 }).toEqual(new Set([200]));
  const recovery = (performance.now() - endedAt) / 1000;

  const of = (status: number) => answered.filter((answer) => answer.status === status);
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200, 503]));
  expect(of(503).filter(({ retryAfter }) => retryAfter !== '1')).toEqual([]);
  // What was not served was refused when it came. Where processors are scarce, requests take longer than was to be expected.
  expect(late).toBeLessThan(of(503).length / 100);
  expect(refused).toBe(of(503).length);
  expect(of(503).length).toBeGreaterThan(1_000);
  const calm = answered.filter(({ client }) => client === '300');
  expect(calm.map(({ status }) => status)).toEqual(calm.map(() => 200));
  const times = of(503)
    .map(({ milliseconds }) => milliseconds)
    .toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  const duration = 'certkeep_http_request_duration_seconds';
  const within = await metric(`${duration}_bucket`, 'status="503"', 'le="0.1"');
  const share = Math.round((100 * within) / (await metric(`${duration}_count`, 'status="503"')));
  console.log(
    `Overload: ${of(200).length} served; ${times.length} refused after ${at(0.5)} ms (median) and ${at(0.99)} ms (99 %) ` +
      `by the clock of the callers, ${share} % of them within 100 ms after the server had read the request. ` +
      `Everybody was served within ${recovery.toFixed(1)} s.`,
  );
});
