import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { BuiltProgram, temporaryDataDirectory } from '../support/process.js';

const run = promisify(execFile);

let data: Awaited<ReturnType<typeof temporaryDataDirectory>>;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  data = await temporaryDataDirectory();
});

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  await data.remove();
});

function start(variables: Readonly<Record<string, string>> = {}): BuiltProgram {
  const program = BuiltProgram.start('main.js', { CERTKEEP_DATA: data.path, PORT: '0', ...variables });
  programs.push(program);
  return program;
}

async function started(): Promise<BuiltProgram> {
  const program = start();
  await program.says(/To start over:/);
  return program;
}

interface Pasted {
  readonly statuses: readonly string[];
  readonly answers: string;
}

/** Everything that is printed to be pasted, in a shell as a person would have it. */
async function paste({ output }: BuiltProgram): Promise<Pasted> {
  const lines = output.split('\n').filter((line) => line.startsWith('  '));
  const { stdout, stderr } = await run('sh', ['-c', lines.join('\n')]);
  return { statuses: stderr.match(/HTTP \d+/g) ?? [], answers: stdout };
}

const assigned = ({ output }: BuiltProgram, name: string): string =>
  new RegExp(`^  ${name}='(.*)'$`, 'm').exec(output)?.[1] ?? '';

/** Milliseconds. A start takes a second, and many on a machine that has other things to do. */
const LONG = { timeout: 120_000 };

// One data directory, one life of it: the tests go on where the one before has ended.

test('a first start makes something to try, and what it prints works when it is pasted, also twice', LONG, async () => {
  const program = await started();
  expect(program.output).toContain('Migrated: InitialSchema1700000000001');

  const first = await paste(program);
  expect(first.statuses).toEqual(['HTTP 200', 'HTTP 200', 'HTTP 422', 'HTTP 409', 'HTTP 200', 'HTTP 200', 'HTTP 200']);
  expect(first.answers.match(/"rule": "\w+"/g)).toEqual([
    '"rule": "certificateUploadCheckSubjectDNElements"',
    '"rule": "keyTypes"',
    '"rule": "maxValidityDays"',
    '"rule": "requiredExtendedKeyUsage"',
  ]);
  expect(first.answers.match(/"remedy": /g)).toHaveLength(4);
  expect(first.answers).toContain('"currentVersion": 3');
  expect(first.answers).toContain('"changedBy": "admin"');

  const second = await paste(program);
  expect(second.statuses).toEqual(first.statuses);
  expect(second.answers).toContain('"currentVersion": 3');

  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
});

test('a second start goes on with the same data', LONG, async () => {
  const program = await started();
  expect(program.output).not.toContain('Migrated');
  const { statuses, answers } = await paste(program);
  expect(statuses).toEqual(['HTTP 200', 'HTTP 200', 'HTTP 422', 'HTTP 409', 'HTTP 200', 'HTTP 200', 'HTTP 200']);
  // Read as the last start has left it, given this start's certificate, not taken back; the phone; the history.
  expect([...answers.matchAll(/version": (\d+)/gi)].map(([, version]) => Number(version))).toEqual([
    3, 4, 4, 3, 4, 3, 2, 1,
  ]);

  program.signal('SIGKILL');
  await program.exit();
});

test(
  'after a SIGKILL the next start finds everything; SIGTERM lets a request finish that has begun',
  LONG,
  async () => {
    const program = await started();
    const url = new URL(assigned(program, 'CERTIFICATES'));
    const body = JSON.stringify({ modificationComment: 'written while the server ended' });
    const socket = connect(Number(url.port), url.hostname);
    socket.setEncoding('utf8');
    socket.write(
      `PATCH ${url.pathname}/laptop HTTP/1.1\r\nHost: ${url.host}\r\n${assigned(program, 'ADMIN')}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    // The server has the request and waits for its body.
    expect(String(await once(socket, 'data'))).toContain('100 Continue');

    const begun = performance.now();
    program.signal('SIGTERM');
    // Ctrl-C under npm arrives twice; it is no reason to break off. Of two at once the system chooses the first.
    program.signal('SIGINT');
    await program.says(/^SIG(TERM|INT): finishing/m);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    socket.write(body);
    const answer = String(await once(socket, 'data'));
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect(answer).toContain('"version":5');
    expect(await program.exit()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
  },
);

test('where its terminal is closed (SIGHUP) it ends, and leaves no PostgreSQL behind', LONG, async () => {
  const program = await started();
  program.closeOutput();
  program.signal('SIGHUP');
  expect(await program.exit()).toBe(0);
  expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a server whose output nobody reads goes on, and ends without leaving PostgreSQL behind', LONG, async () => {
  const program = await started();
  const url = new URL('/health/live', assigned(program, 'CERTIFICATES'));
  program.closeOutput();
  for (let count = 0; count < 5; count += 1) expect((await fetch(url)).status).toBe(200);
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
  expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
});

test(
  'a start whose output is closed in the middle of it ends by SIGTERM without leaving PostgreSQL behind',
  LONG,
  async () => {
    const program = start();
    await program.says(/Starting the embedded PostgreSQL/);
    program.closeOutput();
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
  },
);

test('a taken port is one clear message', LONG, async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const program = start({ PORT: String(port) });
    expect(await program.exit()).toBe(1);
    expect(program.output).toContain(`\nPort ${port} on 127.0.0.1 is taken. Set PORT to a free one.\n`);
    expect(program.output).not.toMatch(/^ +at /m);
  } finally {
    holder.close();
  }
});

test('everything that is wrong with the settings is said at once, before anything is started', async () => {
  const program = start({ PORT: '65536', HOST: '0.0.0.0', REQUIRE_VERSION: 'yes', LOG_LEVEL: 'loud' });
  expect(await program.exit()).toBe(1);
  expect(program.output).toBe(`
certkeep cannot start with these settings:
  - HOST is 0.0.0.0: the embedded developer mode listens on loopback only. Set DATABASE_URL to serve others.
  - PORT must be a whole number from 0 to 65535.
  - REQUIRE_VERSION must be true or false.
  - LOG_LEVEL must be one of silent, error, warn, info, debug.
`);
});

test('a data directory that cannot be one is one clear message', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'certkeep-no-directory-'));
  const file = join(parent, 'data');
  await writeFile(file, 'not a directory');
  try {
    const program = start({ CERTKEEP_DATA: file });
    expect(await program.exit()).toBe(1);
    expect(program.output).toContain(file);
    expect(program.output).toContain('CERTKEEP_DATA');
    expect(program.output.trim().split('\n')).toHaveLength(1);
  } finally {
    await rm(parent, { recursive: true });
  }
});

test('a database that cannot be reached is named without its password', async () => {
  const secrets = await mkdtemp(join(tmpdir(), 'certkeep-secrets-'));
  await writeFile(join(secrets, 'jwt'), 'a'.repeat(32));
  await writeFile(join(secrets, 'x-token'), 'b'.repeat(32));
  await writeFile(join(secrets, 'vault-key'), Buffer.alloc(32, 'v').toString('base64'));
  try {
    const program = start({
      DATABASE_URL: 'postgres://certkeep:correct-horse@127.0.0.1:1/certkeep',
      DATABASE_WAIT_SECONDS: '0',
      JWT_ISSUER: 'issuer',
      JWT_AUDIENCE: 'audience',
      JWT_SECRET_FILE: join(secrets, 'jwt'),
      X_TOKEN_SECRET_FILE: join(secrets, 'x-token'),
      VAULT_KEY_FILE: join(secrets, 'vault-key'),
    });
    expect(await program.exit()).toBe(1);
    expect(program.output).toMatch(/cannot connect to its database: .*ECONNREFUSED.*Check DATABASE_URL/);
    expect(program.output).not.toContain('correct-horse');
    expect(program.output).not.toMatch(/^ +at /m);
  } finally {
    await rm(secrets, { recursive: true });
  }
});
