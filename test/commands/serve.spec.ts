import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { freePort } from '../support/free-port.js';
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

interface CommandOutput {
  readonly statuses: readonly string[];
  readonly answers: string;
}

/** Runs the printed commands in a shell, as a user who pastes them would. */
async function runPrintedCommands({ output }: BuiltProgram): Promise<CommandOutput> {
  const lines = output.split('\n').filter((line) => line.startsWith('  ') && !line.startsWith('  npm run '));
  const { stdout, stderr } = await run('sh', ['-c', lines.join('\n')]);
  return { statuses: stderr.match(/HTTP \d+/g) ?? [], answers: stdout };
}

/** What the printed `npm run explain` says, without building the program anew while other tests use it. */
async function runPrintedExplanation(program: BuiltProgram): Promise<{ readonly code: number; readonly text: string }> {
  const folder = assigned(program, 'DEMO');
  const [, words = ''] = /^ {2}npm run -s explain -- (.+)$/m.exec(program.output) ?? [];
  return await explain(words.split(' ').map((word) => word.replaceAll('"', '').replace('$DEMO', folder)));
}

async function explain(args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const program = BuiltProgram.start('commands/explain.js', {}, args);
  return { code: await program.exit(), text: program.output };
}

function expectRefusedStranger({ code, text }: Awaited<ReturnType<typeof runPrintedExplanation>>): void {
  expect(code).toBe(1);
  expect(text).toMatch(/^REFUSED {2}.*forged\.pem\n/);
  expect(text).toMatch(
    /x {2}CN=Acme Demo CA,O=Acme AG,C=CH\n.*\n.*\(badSignature, RFC 5280 section 6\.1\.3 \(a\)\(1\)\)/,
  );
}

const assigned = ({ output }: BuiltProgram, name: string): string =>
  new RegExp(`^  ${name}='(.*)'$`, 'm').exec(output)?.[1] ?? '';

/** Milliseconds. A start takes a second on an idle machine, and many on a busy one. */
const LONG = { timeout: 600_000 };

// All tests use one data directory, each as the test before has left it.

test('the first start creates demo data, and the commands that it prints work, also twice', LONG, async () => {
  const program = await started();
  expect(program.output).toContain('Migrated: InitialSchema1700000000001');

  const first = await runPrintedCommands(program);
  expect(first.statuses).toEqual([
    'HTTP 200',
    'HTTP 200',
    'HTTP 200',
    'HTTP 422',
    'HTTP 409',
    'HTTP 200',
    'HTTP 200',
    'HTTP 200',
  ]);
  expect(first.answers.match(/"rule": "\w+"/g)).toEqual([
    '"rule": "certificateUploadCheckSubjectDNElements"',
    '"rule": "keyTypes"',
    '"rule": "maxValidityDays"',
    '"rule": "requiredExtendedKeyUsage"',
  ]);
  expect(first.answers.match(/"remedy": /g)).toHaveLength(4);
  // The login through TLS, with curl.
  expect(first.answers).toMatch(/"outcome": "ok",\s+"userExtId": "jane",\s+"extId": "laptop"/);
  expect(first.answers).toContain('"currentVersion": 3');
  expect(first.answers).toContain('"changedBy": "admin"');

  const second = await runPrintedCommands(program);
  expect(second.statuses).toEqual(first.statuses);
  expect(second.answers).toContain('"currentVersion": 3');
  expectRefusedStranger(await runPrintedExplanation(program));

  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
});

test('the README shows what `npm run explain` says about the forged certificate of the demo', LONG, async () => {
  const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const [, words = '', shown = ''] = /^npm run -s explain -- (.+)\n```\n\n```\n([^]*?)…\n…\n```$/m.exec(readme) ?? [];
  const { text } = await explain(words.split(' ').map((word) => word.replace(/^data\//, `${data.path}/`)));
  // Up to the fingerprint of the CA, which differs.
  expect(text.replaceAll(data.path, 'data').slice(0, shown.lastIndexOf('\n'))).toBe(
    shown.slice(0, shown.lastIndexOf('\n')),
  );
});

test('a second start keeps the data', LONG, async () => {
  const program = await started();
  expect(program.output).not.toContain('Migrated');
  const { statuses, answers } = await runPrintedCommands(program);
  expect(statuses).toEqual([
    'HTTP 200',
    'HTTP 200',
    'HTTP 200',
    'HTTP 422',
    'HTTP 409',
    'HTTP 200',
    'HTTP 200',
    'HTTP 200',
  ]);
  // The laptop before and after its change, which is not undone; the phone; the history.
  expect([...answers.matchAll(/version": (\d+)/gi)].map(([, version]) => Number(version))).toEqual([
    3, 4, 4, 3, 4, 3, 2, 1,
  ]);
  expectRefusedStranger(await runPrintedExplanation(program));

  program.signal('SIGKILL');
  await program.exit();
});

test(
  'after SIGKILL the next start finds all data; after SIGTERM a request that has begun is finished',
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

    program.signal('SIGTERM');
    // Under npm Ctrl-C arrives twice; the second signal must not cut the first short. Either may arrive first.
    program.signal('SIGINT');
    await program.says(/^SIG(TERM|INT): finishing/m);
    const isRefused = async (): Promise<boolean> =>
      await fetch(url).then(
        () => false,
        () => true,
      );
    await expect.poll(isRefused).toBe(true);
    socket.write(body);
    const answer = String(await once(socket, 'data'));
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect(answer).toContain('"version":5');
    expect(await program.exit()).toBe(0);
  },
);

test('when its terminal is closed (SIGHUP) it ends, and PostgreSQL with it', LONG, async () => {
  const program = await started();
  program.closeOutput();
  program.signal('SIGHUP');
  expect(await program.exit()).toBe(0);
  expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a server whose output is closed goes on, and PostgreSQL ends with it', LONG, async () => {
  const program = await started();
  const url = new URL('/health/live', assigned(program, 'CERTIFICATES'));
  program.closeOutput();
  for (let count = 0; count < 5; count += 1) expect((await fetch(url)).status).toBe(200);
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
  expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a start whose output is closed half-way ends by SIGTERM, and PostgreSQL with it', LONG, async () => {
  // An end is given up five seconds after draining, and a busy machine may need longer for the rest of this start.
  const program = start({ DRAIN_SECONDS: '20' });
  await program.says(/Starting the embedded PostgreSQL/);
  program.closeOutput();
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
  expect(existsSync(join(data.path, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a port in use is one clear message', LONG, async () => {
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

test('a TLS port in use does not prevent the start, and the printed login uses another one', LONG, async () => {
  const holder = createServer();
  // Another program may have it, and may end while this test runs: then it is taken over, unless that takes too long.
  const hold = async (): Promise<boolean> =>
    await once(holder.listen(3443, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
  for (let attempt = 0; attempt < 300 && !(await hold()); attempt += 1) await pause(100);
  try {
    const program = start({ PORT: String(await freePort()) });
    await program.says(/To start over:/);
    expect(program.output).toContain('\nPort 3443 on 127.0.0.1 is taken, so TLS gets another port.\n');
    expect((await runPrintedCommands(program)).answers).toContain('"outcome": "ok"');
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
  } finally {
    holder.close();
  }
});

test('all faults of the settings are reported at once, before anything is started', async () => {
  const program = start({ PORT: '65536', HOST: '0.0.0.0', REQUIRE_VERSION: 'yes', LOG_LEVEL: 'loud' });
  expect(await program.exit()).toBe(1);
  expect(program.output).toBe(`
certkeep cannot start with these settings:
  - HOST is 0.0.0.0: the embedded mode listens on loopback only. Set DATABASE_URL to serve others.
  - PORT must be a whole number from 0 to 65535.
  - REQUIRE_VERSION must be true or false.
  - LOG_LEVEL must be one of silent, error, warn, info, debug.
`);
});

test('a data directory that cannot be used is one clear message', async () => {
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

test('the message on an unreachable database names it without its password', async () => {
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
