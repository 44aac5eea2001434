import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { FailoverWriters } from '../support/failover-writers.js';
import { CORE } from '../support/http.js';
import { isPatroniMissing, PatroniCluster } from '../support/patroni-cluster.js';
import type { PatroniMember } from '../support/patroni-member.js';
import { issueCertificate } from '../support/pki.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';

/** `npm run test:failover` sets ten. */
const FAILOVERS = Number(process.env['CERTKEEP_FAILOVERS'] ?? 2);

const WRITERS = 50;
const CLIENTS = ['100', '101', '102', '103', '104'];

interface Fault {
  readonly name: string;
  /** After how long changes have to be acknowledged again: the ttl of docs/operations/patroni.yml, and a margin. */
  readonly limitMs: number;
  begin(primary: PatroniMember): Promise<void>;
  end(former: PatroniMember): Promise<void>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'kill -9 of Patroni and PostgreSQL',
    limitMs: 25_000,
    begin: async (primary) => await primary.signal('SIGKILL'),
    end: async (former) => await former.start(),
  },
  {
    name: 'a network that is silent',
    limitMs: 45_000,
    begin: (primary) => Promise.resolve(primary.beSilent()),
    end: (former) => Promise.resolve(former.endSilence()),
  },
  {
    name: 'SIGSTOP of Patroni and PostgreSQL',
    limitMs: 45_000,
    begin: async (primary) => await primary.signal('SIGSTOP'),
    end: async (former) => await former.signal('SIGCONT'),
  },
];

const isSkipped = isPatroniMissing();

let cluster: PatroniCluster;
let server: BuiltProgram;
let writers: FailoverWriters;
const folder = new SettingsFolder();

beforeAll(async () => {
  if (isSkipped) return;
  cluster = await PatroniCluster.start();
  const jwt = randomBytes(48).toString('hex');
  server = BuiltProgram.start('main.js', {
    PORT: '0',
    DATABASE_URL: cluster.url(),
    DATABASE_REPLICA_URL: cluster.url('replica'),
    DRAIN_SECONDS: '0',
    LOG_LEVEL: 'error',
    JWT_ISSUER: 'certkeep',
    JWT_AUDIENCE: 'certkeep',
    JWT_SECRET_FILE: folder.file('failover-jwt', jwt),
    X_TOKEN_SECRET_FILE: folder.file('failover-x-token', randomBytes(48).toString('hex')),
    VAULT_KEY_FILE: folder.file('failover-vault-key', randomBytes(32).toString('base64')),
  });
  const [, url = ''] = await server.says(/listens on (http\S+)/);
  const token = await new SignJWT({
    client_ext_id: '100',
    iss: 'certkeep',
    aud: 'certkeep',
    sub: 'admin',
    roles: ['nevisIdm.Root'],
    data_room: { clients: ['*'] },
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('2h')
    .sign(createSecretKey(Buffer.from(jwt)));
  const create = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${url}${CORE}/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(201);
  };
  const { pem } = await issueCertificate({ subject: 'CN=contended' });
  for (const extId of CLIENTS) {
    await create('clients', { extId, name: extId });
    await create(`${extId}/users`, { extId: 'jane' });
    await create(`${extId}/users/jane/certificates`, { extId: 'contended', certificate: pem });
  }
  writers = new FailoverWriters(url, token, CLIENTS);
}, 240_000);

afterAll(async () => {
  folder.remove();
  if (isSkipped) return;
  server.signal('SIGTERM');
  await server.exit();
  await cluster.end();
}, 60_000);

/** Waits for an acknowledged change; it is a failure if none comes in time. */
async function writesAgain({ name, limitMs }: Fault): Promise<void> {
  const ending = new AbortController();
  const late = pause(limitMs, undefined, { signal: ending.signal }).catch(() => undefined);
  const elapsed = await Promise.race([writers.nextAcknowledged(), late]);
  ending.abort();
  const answers = JSON.stringify(Object.fromEntries(writers.counts));
  expect(elapsed, `${name}: no change was acknowledged in ${limitMs} ms; answers: ${answers}`).toBeDefined();
  console.log(`${name}: the first change after ${((elapsed ?? 0) / 1000).toFixed(1)} s`);
}

test.skipIf(isSkipped)(
  `3.2, 7.1 ${FAILOVERS} failovers under ${WRITERS} writers lose no acknowledged change, and every answer is documented`,
  { timeout: 60_000 + FAILOVERS * 180_000 },
  async () => {
    writers.start(WRITERS);
    try {
      for (let round = 0; round < FAILOVERS; round += 1) {
        const fault = FAULTS[round % FAULTS.length] as Fault;
        await writers.nextAcknowledged();
        const primary = await cluster.primary();
        await fault.begin(primary);
        const listed = writers.lists;
        try {
          await writesAgain(fault);
        } finally {
          await fault.end(primary);
        }
        console.log(
          `lists in that time: ${writers.lists.answered - listed.answered}, of them refused: ${writers.lists.refused - listed.refused}`,
        );
        expect(writers.lists.answered - writers.lists.refused).toBeGreaterThan(listed.answered - listed.refused);
        expect(await Promise.race([server.exit(), pause(100)]), server.output).toBeUndefined();
        expect(writers.undocumented).toEqual([]);
        await cluster.isHealthy();
      }
    } finally {
      await writers.stop();
    }
    expect(writers.undocumented).toEqual([]);

    const events = await cluster.sql<{ client: string; version: number; comment: string | null }>(
      `select client_ext_id as client, version, comment from audit_events
        where ext_id = 'contended' and version is not null order by client_ext_id, version`,
    );
    const stored = new Map(events.map(({ client, version, comment }) => [`${client} ${version}`, comment]));
    const lost = writers.acknowledged.filter(
      ({ clientExtId, version, comment }) => stored.get(`${clientExtId} ${version}`) !== comment,
    );
    expect(lost).toEqual([]);
    for (const clientExtId of CLIENTS) {
      const versions = events.filter(({ client }) => client === clientExtId).map(({ version }) => version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    const answers = JSON.stringify(Object.fromEntries(writers.counts));
    console.log(`${writers.acknowledged.length} acknowledged changes, none lost; answers: ${answers}`);
  },
);
