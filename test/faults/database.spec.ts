import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { FaultyPostgres } from '../support/faulty-postgres.js';
import { CORE } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';
import { BuiltProgram } from '../support/process.js';

/** For each fault; `npm run test:faults` sets ten. */
const ROUNDS = Number(process.env['CERTKEEP_FAULTS'] ?? 1);

/** Longer than a server waits for an answer of the database: statement timeout of 1 s, and 2 s more. */
const LASTING_MS = 4_000;

/** The documented statuses of the routes used here. */
const DOCUMENTED = new Set([200, 201, 204, 404, 409, 422, 429, 503]);

const CERTIFICATE = `${CORE}/100/users/jane/certificates/contended`;
const PASSWORD = 'correct horse battery staple';

interface Server {
  readonly program: BuiltProgram;
  readonly url: string;
}

let postgres: FaultyPostgres;
let servers: Server[] = [];
let token: string;
let self: string;

/** Answers outside of `DOCUMENTED`, and requests without an answer. */
const undocumented: string[] = [];
/** Comments of the changes that got a 200, by version. */
const acknowledged = new Map<number, string>();
const counts = new Map<string, number>();

beforeAll(async () => {
  postgres = await FaultyPostgres.start();
  const jwt = randomBytes(48).toString('hex');
  const variables = {
    PORT: '0',
    DATABASE_URL: postgres.url,
    DATABASE_POOL: '6',
    STATEMENT_TIMEOUT_MS: '1000',
    DRAIN_SECONDS: '0',
    LOG_LEVEL: 'error',
    JWT_ISSUER: 'certkeep',
    JWT_AUDIENCE: 'certkeep',
    JWT_SECRET_FILE: await postgres.file('jwt', jwt),
    X_TOKEN_SECRET_FILE: await postgres.file('x-token', randomBytes(48).toString('hex')),
    VAULT_KEY_FILE: await postgres.file('vault-key', randomBytes(32).toString('base64')),
  };
  const sign = async (claims: object): Promise<string> =>
    await new SignJWT({ client_ext_id: '100', iss: 'certkeep', aud: 'certkeep', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('2h')
      .sign(createSecretKey(Buffer.from(jwt)));
  token = await sign({ sub: 'admin', roles: ['nevisIdm.Root'], data_room: { clients: ['*'] } });
  self = await sign({ sub: 'jane', roles: ['nevisIdm.SelfAdmin'] });
  for (const _ of [1, 2]) {
    const program = BuiltProgram.start('main.js', variables);
    const [, url = ''] = await program.says(/listens on (http\S+)/);
    servers.push({ program, url });
  }
  const { pem } = await issueCertificate({ subject: 'CN=contended' });
  for (const [path, body] of [
    ['clients', { extId: '100', name: '100' }],
    ['100/users', { extId: 'jane', loginId: 'jane' }],
    ['100/users/jane/certificates', { extId: 'contended', certificate: pem }],
    ['100/users/jane/password', { password: PASSWORD }],
  ] as const) {
    expect((await ask(0, 'POST', `${CORE}/${path}`, body))?.status).toBe(201);
  }
});

afterAll(async () => {
  for (const { program } of servers) program.signal('SIGTERM');
  await Promise.all(servers.map(async ({ program }) => await program.exit()));
  servers = [];
  await postgres.end();
});

interface Answer {
  readonly status: number;
  readonly body: { version?: number; extId?: string };
}

async function ask(
  server: number,
  method: string,
  path: string,
  body?: object,
  by = token,
): Promise<Answer | undefined> {
  try {
    const response = await fetch((servers[server] as Server).url + path, {
      method,
      headers: { Authorization: `Bearer ${by}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const key = `${method} ${response.status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (!DOCUMENTED.has(response.status)) undocumented.push(`${method} ${path}: ${response.status} ${text}`);
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  } catch (error) {
    undocumented.push(`${method} ${path}: ${String((error as Error).cause ?? error)}`);
    return undefined;
  }
}

async function change(server: number): Promise<void> {
  const comment = randomBytes(8).toString('hex');
  const answer = await ask(server, 'PATCH', CERTIFICATE, { modificationComment: comment });
  if (answer?.status !== 200 || answer.body.version === undefined) return;
  if (acknowledged.has(answer.body.version)) undocumented.push(`version ${answer.body.version} was acknowledged twice`);
  acknowledged.set(answer.body.version, comment);
}

/** Sends contended changes, searches, deletions and logins to both servers until the signal; resolves when all are answered. */
async function load(signal: AbortSignal): Promise<void> {
  const each = async (work: (server: number, round: number) => Promise<void>): Promise<void> => {
    const loop = async (server: number): Promise<void> => {
      for (let round = 0; !signal.aborted && undocumented.length < 20; round += 1) await work(server, round);
    };
    await Promise.all([loop(0), loop(1)]);
  };
  await Promise.all([
    each(change),
    each(change),
    each(change),
    each(async (server) => {
      await ask(server, 'GET', `${CORE}/clients/100/users?remarks=nothing`);
    }),
    each(async (server) => {
      const extId = `c-${randomBytes(6).toString('hex')}`;
      const created = await ask(server, 'POST', `${CORE}/clients`, { extId, name: extId });
      if (created?.status !== 201) return;
      await ask(server, 'POST', `${CORE}/${extId}/users`, { extId: 'john' });
      await ask(server, 'DELETE', `${CORE}/clients/${extId}`);
    }),
    each(async (server) => {
      const login = { grant_type: 'password', username: 'jane', password: PASSWORD };
      await ask(server, 'POST', '/nevisidm/api/principal/v1/token', login, self);
    }),
  ]);
}

const lasting = async (set: (on: boolean) => Promise<void>): Promise<void> => {
  await set(true);
  await pause(LASTING_MS);
  await set(false);
};

const FAULTS: readonly [string, () => Promise<void>][] = [
  ['every connection is ended', async () => await postgres.terminateAll()],
  ['PostgreSQL is restarted (fast)', async () => await postgres.restart('fast')],
  ['PostgreSQL is restarted (immediate)', async () => await postgres.restart('immediate')],
  ['PostgreSQL is stopped by SIGSTOP', async () => await lasting(async (on) => await postgres.setStopped(on))],
  ['PostgreSQL is read-only', async () => await lasting(async (on) => await postgres.setReadOnly(on))],
  ['the disk of PostgreSQL is full', async () => await lasting(async (on) => await postgres.fillDisk(on))],
];

/** Waits until some more changes are acknowledged. */
async function moreAcknowledged(): Promise<void> {
  const before = acknowledged.size;
  await expect.poll(() => acknowledged.size, { timeout: 120_000 }).toBeGreaterThanOrEqual(before + 5);
}

/** Waits until both servers are ready and answer requests. */
async function recovered(): Promise<void> {
  for (const [number, { url, program }] of servers.entries()) {
    expect(await Promise.race([program.exit(), pause(100)]), program.output).toBeUndefined();
    await expect
      .poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 120_000, interval: 100 })
      .toBe(200);
    await expect
      .poll(async () => (await ask(number, 'GET', CERTIFICATE))?.status, { timeout: 120_000, interval: 100 })
      .toBe(200);
  }
}

test.each(FAULTS)(
  '3.4, 7.1 while %s both servers give documented answers, and then recover by themselves',
  { timeout: 300_000 + ROUNDS * 300_000 },
  async (name, fault) => {
    if (name.includes('disk') && !postgres.hasDisk) {
      console.log('skipped: a disk of its own needs the right to mount one');
      return;
    }
    for (let round = 1; round <= ROUNDS; round += 1) {
      const end = new AbortController();
      const loaded = load(end.signal);
      try {
        await moreAcknowledged();
        await fault();
        await moreAcknowledged();
      } finally {
        end.abort();
        await loaded;
      }
      await recovered();
      expect(undocumented).toEqual([]);
      if (ROUNDS > 1) console.log(`${name}: ${round} of ${ROUNDS}`);
    }
  },
);

test('3.2 no acknowledged change is lost, and versions have no gaps', async () => {
  const events = await postgres.sql<{ version: number; comment: string | null }>(
    `select version, comment from audit_events where client_ext_id = '100' and ext_id = 'contended' and version is not null
      order by version`,
  );
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  const stored = new Map(events.map(({ version, comment }) => [version, comment]));
  const lost = [...acknowledged].filter(([version, comment]) => stored.get(version) !== comment);
  expect(lost).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(0);
  const [row] = await postgres.sql<{ version: number }>(`select version from credentials where ext_id = 'contended'`);
  expect(row?.version).toBe(events.length);
  console.log(`${acknowledged.size} acknowledged changes; answers: ${JSON.stringify(Object.fromEntries(counts))}`);
});
