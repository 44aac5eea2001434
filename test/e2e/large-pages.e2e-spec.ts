import type { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { largePages } from '../../src/http/page-replies.js';
import { Fixture } from '../support/fixture.js';
import { fillFor } from '../support/full-queue.js';
import { type Answer, CORE, send } from '../support/http.js';
import { openSocket } from '../support/raw-http.js';

const OTHER = '200';
/** A page of nearly 4 MiB. */
const CERTIFICATES = 60;

let fixture: Fixture;
let token: string;
const sockets: Socket[] = [];
/** On the side of the server. */
const connections: Socket[] = [];

/** Two clients, each with a user who has certificates with long subjects. */
beforeAll(async () => {
  fixture = await Fixture.start();
  fixture.app.server.on('connection', (connection: Socket) => connections.push(connection));
  token = await fixture.app.token({ data_room: { clients: ['100', OTHER] } });
  await fixture.builders.client(OTHER);
  await fixture.builders.policy(OTHER, 'default');
  await fixture.builders.user(OTHER, 'helper-7');
  await fixture.register('c');
  await fixture.app.dataSource.query(
    `insert into credentials select r.* from credentials c,
        (values ('100'), ($2)) as clients (client),
        lateral (select client || '-' || n as id from generate_series(1, $1::integer) as n) as numbered,
        lateral jsonb_populate_record(c, jsonb_build_object('client_ext_id', client, 'ext_id', id,
          'generation', gen_random_uuid(), 'sha256', sha256(id::bytea),
          'subject_dn', 'CN=' || repeat('\\"ü', 20000))) as r
      where c.ext_id = 'c'`,
    [CERTIFICATES, OTHER],
  );
});

afterAll(async () => await fixture.app.close());

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => [largePages.heldCount, largePages.waitingCount]).toEqual([0, 0]);
});

const pathOf = (client: string, limit = 1000): string => `${fixture.path('helper-7', client)}?limit=${limit}`;

const get = async (path: string): Promise<Answer> => await send(fixture.app, 'GET', path, { token });

/** Requests a large page and does not read it; twice, since the buffers of the sockets may have room for one. */
function ask(client: string): Socket {
  const socket = openSocket(fixture.app).pause();
  const request = `GET ${pathOf(client)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  socket.write(request.repeat(2));
  sockets.push(socket);
  return socket;
}

/** Takes every slot that a client may have, with pages that nobody reads. */
async function askTwice(client: string): Promise<Socket> {
  const first = ask(client);
  ask(client);
  let unsent: readonly number[] = [];
  // The buffers of the system are full: what is left does not become less.
  const isStuck = (): boolean => {
    const before = unsent;
    unsent = connections.map((each) => (each.destroyed ? 0 : each.writableLength)).filter((bytes) => bytes > 0);
    return largePages.heldCount === 2 && unsent.length === 2 && isDeepStrictEqual(unsent, before);
  };
  await expect.poll(isStuck, { interval: 100 }).toBe(true);
  return first;
}

test('8.1 the Content-Length of a large page is right, and a HEAD has the same', async () => {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(fixture.app.url + pathOf('100'), { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBeGreaterThan(3_000_000);
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { items } = JSON.parse(bytes.toString()) as { items: { subjectDN?: string }[] };
  expect(items.at(-1)?.subjectDN).toBe(`CN=${'\\"ü'.repeat(20_000)}`);
  const head = await fetch(fixture.app.url + pathOf('100'), { method: 'HEAD', headers });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
});

test('8.1 large pages that are not read delay only the next large page of the same client', async () => {
  const first = await askTwice('100');
  let isAnswered = false;
  const next = get(pathOf('100')).finally(() => (isAnswered = true));
  await expect.poll(() => largePages.waitingCount).toBe(1);
  // A small page, a large one of another client, and a single resource.
  expect((await get(pathOf('100', 1))).status).toBe(200);
  expect((await get(pathOf(OTHER))).body.items.length).toBeGreaterThan(1);
  expect((await get(`${CORE}/100/users/helper-7`)).status).toBe(200);
  expect([isAnswered, largePages.waitingCount]).toEqual([false, 1]);
  first.destroy();
  expect((await next).status).toBe(200);
});

test('8.1 a large page beyond the limit of the queue is 503 with Retry-After, and a small one is answered', async () => {
  const giveBack = fillFor(largePages, '100');
  const refused = await get(pathOf('100'));
  expect([refused.status, refused.headers.get('retry-after'), refused.body]).toMatchObject([
    503,
    '2',
    {
      errors: [
        { code: 'errors.unavailable', message: 'Too many large pages of this client are waiting. Try again in 2 s.' },
      ],
    },
  ]);
  expect((await get(pathOf('100', 1))).status).toBe(200);
  expect((await get(pathOf(OTHER))).status).toBe(200);
  await giveBack();
  expect((await get(pathOf('100'))).status).toBe(200);
});

test('8.1 the waiting large page of a caller who disconnects leaves the queue', async () => {
  await askTwice('100');
  const leaving = ask('100');
  await expect.poll(() => largePages.waitingCount).toBe(1);
  leaving.destroy();
  await expect.poll(() => largePages.waitingCount).toBe(0);
  expect(largePages.heldCount).toBe(2);
});

test('8.1 large pages at once are each answered completely or with 503', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, async () => await get(pathOf('100'))));
  const whole: unknown = (await get(pathOf('100'))).body;
  const statuses = new Set(answers.map(({ status }) => status));
  expect(statuses.has(200)).toBe(true);
  for (const { status, body } of answers) {
    if (status === 200) expect(body).toEqual(whole);
    else expect([status, body.errors[0].code]).toEqual([503, 'errors.unavailable']);
  }
});
