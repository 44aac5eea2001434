import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { connect } from 'node:tls';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { variablesBeside } from '../support/built-server.js';
import { Fixture } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { CORE } from '../support/http.js';
import { keyPair } from '../support/keys.js';
import { issueCertificate } from '../support/pki.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';
import { SteadyLoad } from '../support/steady-load.js';
import { clientCertificate } from '../support/tls-client.js';
import { workerPids } from '../support/worker-pids.js';

/** Milliseconds. A start takes two seconds on an idle machine, and many on a busy one. */
const LONG = { timeout: 600_000 };

const CALLERS = 12;

/** So many new connections miss one of two workers once in a billion times. */
const MANY = 30;

let fixture: Fixture;
let folder: SettingsFolder;
let token: string;
let variables: Readonly<Record<string, string>>;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  fixture = await Fixture.start();
  for (let caller = 0; caller < CALLERS; caller += 1) await fixture.register(`cert-${caller}`);
  // The server uses the system clock.
  const now = new SystemClock().now();
  token = await fixture.app.token({ exp: Math.floor(now.getTime() / 1000) + 86_400 });
  folder = new SettingsFolder();
  variables = { ...variablesBeside(fixture.app, folder), DATABASE_POOL: '8', DRAIN_SECONDS: '0.5', WORKERS: '2' };
});

afterEach(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.splice(0).map(async (program) => await program.exit()));
});

afterAll(async () => {
  folder.remove();
  await fixture.app.close();
});

interface Started {
  readonly program: BuiltProgram;
  readonly port: number;
}

async function start(more: Readonly<Record<string, string>> = {}): Promise<Started> {
  const port = await freePort();
  const program = BuiltProgram.start('main.js', { ...variables, PORT: String(port), ...more });
  programs.push(program);
  return { program, port };
}

async function started(more: Readonly<Record<string, string>> = {}): Promise<Started> {
  const server = await start({ LOG_LEVEL: 'error', ...more });
  await server.program.says(/^2 workers serve\.$/m);
  return server;
}

function loadOn({ port }: Started): { readonly load: SteadyLoad; readonly running: Promise<void> } {
  const load = new SteadyLoad(port, { Authorization: `Bearer ${token}` });
  const running = load.run(CALLERS, (caller, number) => {
    const path = `${fixture.path()}/cert-${caller}`;
    if (number % 10 !== 1) return { method: 'GET', path, expected: 200 };
    return { method: 'PATCH', path, body: { modificationComment: `number ${number}` }, expected: 200 };
  });
  return { load, running };
}

/** On a new connection. */
async function get(port: number, path: string, bearer = token): Promise<Response> {
  const headers = { Connection: 'close', Authorization: `Bearer ${bearer}` };
  return await fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

async function metric(port: number, series: string): Promise<number> {
  const text = await (await get(port, '/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `)) ?? '';
  return Number(line.slice(series.length + 1));
}

async function isStopped(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') T ');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a worker that was killed loses only the requests that it had, and is replaced', LONG, async () => {
  const server = await started();
  const { program, port } = server;
  const { load, running } = loadOn(server);
  await load.reaches(200);
  const [killed = 0, other] = await workerPids(program.pid);
  process.kill(killed, 'SIGKILL');
  const replaced = new RegExp(
    `^Worker [12] \\(process ${killed}\\) has ended: signal SIGKILL\\. It is being replaced\\.$`,
    'm',
  );
  await program.says(replaced);
  await expect.poll(async () => await metric(port, 'certkeep_workers_replaced_total'), LONG).toBe(1);
  await load.reaches(load.answered + load.lost.length + 200);
  load.stop();
  await running;

  // Of each caller at most the one that it had sent; all of them may have been connected to this worker.
  expect(new Set(load.lost.map((lost) => lost.split(' ')[1])).size).toBe(load.lost.length);
  for (const lost of load.lost) expect(lost).toMatch(/socket hang up|ECONNRESET|EPIPE/);
  const pids = await workerPids(program.pid);
  expect(pids).toHaveLength(2);
  expect(pids).toContain(other);
  expect(await metric(port, 'certkeep_workers')).toBe(2);
});

test(
  'a worker that hangs is replaced, with the requests that waited for it; meanwhile the other one serves',
  LONG,
  async () => {
    const { program, port } = await started();
    const [stopped = 0, other] = await workerPids(program.pid);
    process.kill(stopped, 'SIGSTOP');
    await expect.poll(async () => await isStopped(stopped), LONG).toBe(true);
    let served = 0;
    const ask = async (): Promise<number> => {
      const { status } = await get(port, `${fixture.path()}/cert-0`);
      served += 1;
      return status;
    };
    const statuses = Promise.all(Array.from({ length: MANY }, ask));
    await program.says(
      new RegExp(
        String.raw`^Worker [12] \(process ${stopped}\) has ended: its event loop had not turned for 30 s, so`,
        'm',
      ),
    );
    const servedMeanwhile = served;
    expect(new Set(await statuses)).toEqual(new Set([200]));
    expect(servedMeanwhile).toBeGreaterThan(0);
    expect(servedMeanwhile).toBeLessThan(MANY);
    await expect.poll(async () => await metric(port, 'certkeep_workers_replaced_total'), LONG).toBe(1);
    expect(await metric(port, 'certkeep_workers')).toBe(2);
    const pids = await workerPids(program.pid);
    expect(pids).toHaveLength(2);
    expect(pids).toContain(other);
    expect(pids).not.toContain(stopped);
  },
);

test('SIGHUP replaces all workers, and no request is lost', LONG, async () => {
  // A caller that gets no processor for so long would lose its idle connection, and what it sends on it just then.
  const server = await started({ DRAIN_SECONDS: '5' });
  const { program, port } = server;
  const before = await workerPids(program.pid);
  const { load, running } = loadOn(server);
  await load.reaches(200);
  program.signal('SIGHUP');
  // Callers that open a connection for each request, meanwhile.
  const statuses = new Set<number>();
  const over = new AbortController();
  const visitors = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) statuses.add((await get(port, '/health/ready')).status);
  });
  await program.says(/^All workers were replaced\.$/m);
  over.abort();
  await Promise.all(visitors);
  load.stop();
  await running;

  expect(load.lost).toEqual([]);
  expect([...statuses]).toEqual([200]);
  const after = await workerPids(program.pid);
  expect(after).toHaveLength(2);
  for (const pid of before) expect(after).not.toContain(pid);
  // Nobody counts what was exchanged on purpose, and the counters of the old workers have not been lost.
  expect(await metric(port, 'certkeep_workers_replaced_total')).toBe(0);
  const served = `certkeep_http_request_duration_seconds_count{method="GET",route="${CORE}/:clientExtId/users/:userExtId/certificates/:extId",status="200"}`;
  expect(await metric(port, served)).toBeGreaterThan(load.answered * 0.8);
});

test('SIGHUP does not end a server that is still starting its workers', LONG, async () => {
  const DATABASE_URL = `postgres://certkeep@127.0.0.1:${await freePort()}/certkeep`;
  const { program } = await start({ DATABASE_URL });
  await program.says(/^Waiting up to 60 s for the database/m);
  program.signal('SIGHUP');
  await program.says(/^SIGHUP: certkeep is still starting\. Send it again when all workers serve\.$/m);
});

test('SIGHUP does not end a single process, which `auto` may be', LONG, async () => {
  const { program, port } = await start({ WORKERS: '1' });
  await program.says(/^certkeep listens on /m);
  program.signal('SIGHUP');
  await program.says(/^SIGHUP: with one process nothing is replaced\. Restart certkeep to use changed files\.$/m);
  expect((await get(port, '/health/ready')).status).toBe(200);
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
});

test('SIGTERM ends all workers, which finish what they have begun', LONG, async () => {
  const { program, port } = await started();
  const pids = await workerPids(program.pid);
  const body = JSON.stringify({ modificationComment: 'written while the server ended' });
  const path = `${fixture.path()}/cert-0`;
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const content = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from(body.slice(0, 5)));
      await mayGoOn;
      controller.enqueue(Buffer.from(body.slice(5)));
      controller.close();
    },
  });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const options = { method: 'PATCH', headers, body: content, duplex: 'half' } as const;
  const answer = fetch(`http://127.0.0.1:${port}${path}`, options);
  await expect.poll(async () => await metric(port, 'certkeep_connections_open')).toBeGreaterThan(1);
  program.signal('SIGTERM');
  await program.says(/^SIGTERM: /m);
  await expect
    .poll(
      async () =>
        await get(port, '/health/ready').then(
          ({ status }) => status,
          () => 'closed',
        ),
    )
    .toBe('closed');
  goOn();
  expect((await answer).status).toBe(200);
  expect(await program.exit()).toBe(0);
  expect(pids.some(isAlive)).toBe(false);
});

test('SIGTERM also ends a worker that hangs', LONG, async () => {
  const { program } = await started();
  const pids = await workerPids(program.pid);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
  expect(pids.some(isAlive)).toBe(false);
});

test('when the main process is killed, its workers end, and free the port', LONG, async () => {
  const { program, port } = await started();
  const pids = await workerPids(program.pid);
  program.signal('SIGKILL');
  await program.exit();
  await expect.poll(() => pids.some(isAlive), LONG).toBe(false);
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  holder.close();
});

test('/metrics of any worker is that of the whole server', LONG, async () => {
  const { program, port } = await started();
  const [killed = 0] = await workerPids(program.pid);
  for (let count = 0; count < MANY; count += 1) await get(port, '/health/live');
  const live = 'certkeep_http_request_duration_seconds_count{method="GET",route="/health/live",status="200"}';
  for (let count = 0; count < 10; count += 1) expect(await metric(port, live)).toBe(MANY);
  expect(await metric(port, 'certkeep_workers')).toBe(2);
  // A counter that fell would count as a restart, and everything before it once more.
  process.kill(killed, 'SIGKILL');
  await program.says(/is being replaced/);
  await expect.poll(async () => await metric(port, 'certkeep_workers'), LONG).toBe(2);
  expect(await metric(port, live)).toBe(MANY);
});

test('the work of the leader is done once, by one of the workers', LONG, async () => {
  const { port } = await started();
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const request = { filter: { stateName: 'active' }, action: 'disable' };
  const url = `http://127.0.0.1:${port}${CORE}/100/certificates/bulk`;
  const created = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  const job = (await created.json()) as { readonly id: string };
  expect(created.status, JSON.stringify(job)).toBe(202);
  const state = async () =>
    ((await (await get(port, `${CORE}/100/certificates/bulk/${job.id}`)).json()) as { status: string }).status;
  await expect.poll(state, LONG).toBe('completed');
  expect(await metric(port, 'certkeep_job_rows_total{result="changed"}')).toBe(CALLERS);
  const leases = await fixture.app.dataSource.query<unknown[]>('select holder from leases');
  expect(leases).toHaveLength(1);
});

test('workers that cannot start end a start with one message, and leave a running server as it is', LONG, async () => {
  const { program, port } = await started();
  const pids = await workerPids(program.pid);
  // Only the workers need this key.
  await fixture.app.dataSource.query(
    `insert into sealed_secrets (client_ext_id, key_store_id, version, key_id, wrapped_key, nonce, ciphertext, created)
      values ('100', 1, 1, 'lost', '', '', '', now())`,
  );
  try {
    program.signal('SIGHUP');
    await program.says(/The remaining workers are not replaced: Secrets of key stores that no key/);
    expect(await workerPids(program.pid)).toEqual(pids);
    expect((await get(port, `${fixture.path()}/cert-0`)).status).toBe(200);

    const other = await start();
    expect(await other.program.exit()).toBe(1);
    expect(other.program.output.match(/that no key in VAULT_KEY_FILE can decrypt: 1\./g)).toHaveLength(1);
    expect(other.program.output).not.toContain('listens on');
  } finally {
    await fixture.app.dataSource.query('truncate sealed_secrets');
  }
});

test('faults of the settings and a taken port are reported once, before a worker is started', LONG, async () => {
  const wrong = await start({ LOG_LEVEL: 'loud', DATABASE_POOL: '3' });
  expect(await wrong.program.exit()).toBe(1);
  expect(wrong.program.output).toBe(`
certkeep cannot start with these settings:
  - DATABASE_POOL is 3, too small for 2 workers: each needs 2 connections.
  - LOG_LEVEL must be one of silent, error, warn, info, debug.
`);
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const { program } = await start({ PORT: String(port) });
  expect(await program.exit()).toBe(1);
  expect(program.output).toBe(`\nPort ${port} on 127.0.0.1 is taken. Set PORT to a free one.\n`);
  holder.close();
});

test('changed files reach all workers: those of TLS at once, the others with SIGHUP', LONG, async () => {
  const writeFiles = async (name: string): Promise<void> => {
    const keys = await keyPair('EC-P256', name);
    const { cert, key } = await clientCertificate(await issueCertificate({ subject: `CN=${name}`, keys }));
    folder.file('server.pem', cert);
    folder.file('server.key', key);
  };
  await writeFiles('first.example');
  const tlsPort = await freePort();
  const jwt = folder.file('own-jwt', fixture.app.tokenKey.export());
  const { program, port } = await started({
    TLS_PORT: String(tlsPort),
    TLS_CERT_FILE: `${folder.path}/server.pem`,
    TLS_KEY_FILE: `${folder.path}/server.key`,
    JWT_SECRET_FILE: jwt,
  });
  const names = async (): Promise<readonly unknown[]> => {
    const found = new Set<unknown>();
    for (let count = 0; count < MANY; count += 1) {
      const socket = connect({ host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      found.add(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    }
    return [...found];
  };
  const statuses = async (): Promise<readonly number[]> => {
    const found = new Set<number>();
    for (let count = 0; count < MANY; count += 1) found.add((await get(port, `${fixture.path()}/cert-0`)).status);
    return [...found];
  };
  expect(await names()).toEqual(['first.example']);
  await writeFiles('second.example');
  await expect.poll(names, LONG).toEqual(['second.example']);

  expect(await statuses()).toEqual([200]);
  folder.file('own-jwt', randomBytes(48));
  expect(await statuses()).toEqual([200]);
  program.signal('SIGHUP');
  await program.says(/^All workers were replaced\.$/m);
  expect(await statuses()).toEqual([401]);
});
