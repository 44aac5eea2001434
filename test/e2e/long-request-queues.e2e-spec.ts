import { afterAll, beforeAll, expect, test } from 'vitest';

import { LongRequestTurns } from '../../src/common/long-request-turns.js';
import { fillFor, occupy } from '../support/full-queue.js';
import { CORE } from '../support/http.js';
import { ImportFixture } from '../support/import-fixture.js';

const HOSTILE = 'hostile-client';

let app: ImportFixture;

beforeAll(async () => {
  app = await ImportFixture.start();
  for (const client of [HOSTILE, '200']) {
    await app.fixture.builders.client(client);
    await app.fixture.builders.policy(client, 'default');
  }
});

afterAll(async () => await app.close());

const LINES = 'application/x-ndjson';

/** A request of each kind, for an empty client. */
const KINDS = [
  { metric: 'certificate_exports', queue: 'certificateExports', path: (client: string) => `${client}/certificates` },
  { metric: 'user_exports', queue: 'userExports', path: (client: string) => `clients/${client}/users` },
  {
    metric: 'imports',
    queue: 'imports',
    path: (client: string) => `${client}/import?dryRun=true`,
    type: LINES,
    body: '{"userExtId":"user-1","loginId":"user-1"}\n',
  },
  {
    metric: 'dry_runs',
    queue: 'dryRuns',
    path: (client: string) => `${client}/certificates/bulk`,
    type: 'application/json',
    body: '{"action":"disable","filter":{"keyType":"RSA:1024"},"dryRun":true}',
  },
  {
    metric: 'forecasts',
    queue: 'forecasts',
    path: (client: string) => `${client}/certificates/client-auth-forecast`,
  },
  {
    metric: 'simulations',
    queue: 'simulations',
    path: (client: string) => `${client}/policies/default/simulate`,
    type: 'application/json',
    body: '{"parameters":{"certificateUploadCheck":"strict"}}',
  },
] as const;

async function request(kind: (typeof KINDS)[number], client: string) {
  const token = await app.token({ data_room: { clients: ['*'] } });
  const isExport = kind.metric.endsWith('exports');
  const response = await fetch(`${app.fixture.app.url}${CORE}/${kind.path(client)}`, {
    method: 'body' in kind ? 'POST' : 'GET',
    headers: {
      Authorization: `Bearer ${token}`,
      ...(isExport ? { Accept: LINES } : {}),
      ...('type' in kind ? { 'Content-Type': kind.type } : {}),
    },
    ...('body' in kind ? { body: kind.body } : {}),
  });
  const { status, headers } = response;
  return { status, text: await response.text(), retryAfter: headers.get('retry-after') };
}

const metrics = async () => await (await fetch(`${app.fixture.app.url}/metrics`)).text();

test.each(KINDS)(
  '17.2 $metric of a client with one waiting are refused, those of another client are served, and the metrics say so',
  async (kind) => {
    const queue = app.fixture.app.get(LongRequestTurns)[kind.queue];
    const giveBack = fillFor(queue, HOSTILE);
    const refusedBefore = queue.refusals.client_limit;
    try {
      const refused = await request(kind, HOSTILE);
      expect([refused.status, refused.retryAfter]).toEqual([503, '10']);
      expect(refused.text).toMatch(/Too many [\w ]+ of this client are waiting\. Try again in 10 s\./);
      expect((await request(kind, '200')).status).toBe(200);
      // A dry run of an import removes what it has stored after its answer.
      await expect.poll(() => queue.heldCount).toBe(1);
      const text = await metrics();
      for (const line of [
        `certkeep_queue_waiting{queue="${kind.metric}"} 1`,
        `certkeep_queue_held{queue="${kind.metric}"} 1`,
        `certkeep_queue_largest_share{queue="${kind.metric}"} 1`,
        `certkeep_queue_refused_total{queue="${kind.metric}",reason="client_limit"} ${refusedBefore + 1}`,
        `certkeep_queue_refused_total{queue="${kind.metric}",reason="overloaded"} 0`,
      ]) {
        expect(text).toContain(`${line}\n`);
      }
      expect(text).not.toContain(HOSTILE);
    } finally {
      await giveBack();
    }
    expect((await request(kind, HOSTILE)).status).toBe(200);
  },
);

test.each(KINDS)('17.2 one of the $metric that waits is counted until it is its turn', async (kind) => {
  const queue = app.fixture.app.get(LongRequestTurns)[kind.queue];
  const giveBack = occupy(queue);
  // occupy() has put one of its own into the queue.
  const waiting = request(kind, '200');
  await expect.poll(() => queue.waitingCount).toBe(2);
  expect(await metrics()).toContain(`certkeep_queue_waiting{queue="${kind.metric}"} 2\n`);
  await giveBack();
  expect((await waiting).status).toBe(200);
  await expect.poll(() => queue.heldCount).toBe(0);
  expect(await metrics()).toContain(`certkeep_queue_held{queue="${kind.metric}"} 0\n`);
});
