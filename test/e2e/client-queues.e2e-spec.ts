import { afterAll, beforeAll, expect, test } from 'vitest';

import type { FairSlots } from '../../src/common/fair-slots.js';
import { Database } from '../../src/database/database.js';
import { Searches } from '../../src/database/searches.js';
import { largeBodies } from '../../src/http/body-bytes.js';
import { Pkcs12Reader } from '../../src/keystores/pkcs12-reader.js';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import { Builders } from '../support/builders.js';
import { fillFor, occupy } from '../support/full-queue.js';
import { type Answer, CORE, send } from '../support/http.js';
import {
  ACCOUNT,
  itemOf,
  KeyStoreFixture,
  type MadeFile,
  makeFile,
  OTHER_ACCOUNT,
} from '../support/key-store-fixture.js';
import { PASSWORD } from '../support/password-fixture.js';

const USERS = Array.from({ length: 4 }, (_, index) => `user-${index}`);

let fixture: KeyStoreFixture;
let token: string;
let file: MadeFile;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
  token = await fixture.app.token({ data_room: { clients: [ACCOUNT, OTHER_ACCOUNT] } });
  file = await makeFile('queued');
  const builders = new Builders(fixture.app.dataSource);
  for (const client of [ACCOUNT, OTHER_ACCOUNT]) {
    const policy = { policyType: 'PwdPolicy', name: 'passwords', defaultPolicy: true };
    const made = await send(fixture.app, 'POST', `${CORE}/${client}/policies`, { token, body: policy });
    expect(made.status).toBe(201);
    for (const user of USERS) {
      await builders.user(client, user);
      expect((await createPassword(client, user)).status).toBe(201);
    }
  }
});

afterAll(async () => await fixture.app.close());

const passwordOf = (client: string, user: string) => `${CORE}/${client}/users/${user}/password`;

const createPassword = async (client: string, user: string): Promise<Answer> =>
  await send(fixture.app, 'POST', passwordOf(client, user), { token, body: { password: PASSWORD } });

const changePassword = async (client: string, user: string): Promise<Answer> =>
  await send(fixture.app, 'PATCH', passwordOf(client, user), { token, body: { password: PASSWORD } });

async function logIn(client: string, user: string): Promise<Answer> {
  return await send(fixture.app, 'POST', '/nevisidm/api/principal/v1/token', {
    token: await fixture.app.token({ sub: user, client_ext_id: client, roles: ['nevisIdm.SelfAdmin'] }),
    body: { grant_type: 'password', username: user, password: PASSWORD },
  });
}

const upload = async (account: string): Promise<Answer> =>
  await fixture.send('POST', fixture.path(undefined, account), [itemOf(fixture.freshName(), file)]);

const testFile = async (account: string): Promise<Answer> =>
  await fixture.sendForm('POST', `/mtls/account/${account}/p12-test/multipart`, {
    file: file.p12,
    password: file.password,
  });

const search = async (client: string, query: string): Promise<Answer> =>
  await send(fixture.app, 'GET', `${CORE}/clients/${client}/users?${query}`, { token });

function expectRefused(answer: Answer, message: string, seconds: string): void {
  expect([answer.status, answer.headers.get('retry-after'), answer.body]).toMatchObject([
    503,
    seconds,
    { errors: [{ code: 'errors.unavailable', message }] },
  ]);
}

/** Fills the queue for one client, sends a request of another one, and runs `meanwhile` once that one is in the queue. */
async function beside(
  queue: FairSlots,
  request: () => Promise<Answer>,
  meanwhile: () => Promise<void>,
): Promise<Answer> {
  const giveBack = fillFor(queue, ACCOUNT);
  try {
    const { waitingCount } = queue;
    let isAnswered = false;
    const other = request().finally(() => (isAnswered = true));
    await expect.poll(() => isAnswered || queue.waitingCount > waitingCount).toBe(true);
    await meanwhile();
    await giveBack();
    return await other;
  } finally {
    await giveBack();
  }
}

test("4.8 a client with too many waiting passwords is refused, and another client's login is not", async () => {
  const { queue } = fixture.app.get(PasswordHasher);
  const message = 'Too many passwords of this client are waiting. Try again in 1 s.';
  for (const request of [logIn, changePassword]) {
    const other = await beside(
      queue,
      async () => await request(OTHER_ACCOUNT, 'user-0'),
      async () => {
        for (const refused of [logIn, changePassword]) expectRefused(await refused(ACCOUNT, 'user-0'), message, '1');
      },
    );
    expect(other.status).toBe(200);
  }
  expect((await logIn(ACCOUNT, 'user-0')).status).toBe(200);
});

test('4.8 while one client has too many logins and password changes, those of another client are served', async () => {
  const { queue } = fixture.app.get(PasswordHasher);
  const giveBack = occupy(queue);
  const { client_limit: refusedBefore } = queue.refusals;
  // Logins and changes are of different users: a login fails while its password is changed.
  const flood = Array.from({ length: 16 }, (_, index) => index % 2);
  const requests = flood.flatMap((index) => [
    logIn(ACCOUNT, `user-${index}`),
    changePassword(ACCOUNT, `user-${index + 2}`),
  ]);
  await expect.poll(() => queue.refusals.client_limit).toBeGreaterThan(refusedBefore);
  await giveBack();
  const other = await Promise.all(USERS.slice(0, 3).map(async (user) => await logIn(OTHER_ACCOUNT, user)));
  expect(other.map(({ status }) => status)).toEqual([200, 200, 200]);
  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

test("L3, L9 a client with too many waiting p12 files is refused, and another client's upload is not", async () => {
  const { queue } = fixture.app.get(Pkcs12Reader);
  const message = 'Too many PKCS#12 files of this client are waiting. Try again in 5 s.';
  const other = await beside(
    queue,
    async () => await upload(OTHER_ACCOUNT),
    async () => {
      for (const refused of [upload, testFile]) expectRefused(await refused(ACCOUNT), message, '5');
      // The first client leaves one process free, so this does not have to wait.
      expect((await testFile(OTHER_ACCOUNT)).status).toBe(200);
    },
  );
  expect(other.status).toBe(201);
  expect((await testFile(ACCOUNT)).status).toBe(200);
});

test('L3 a batch that does not fit into the queue is refused as a whole and leaves no file waiting', async () => {
  const { queue } = fixture.app.get(Pkcs12Reader);
  const giveBack = fillFor(queue, ACCOUNT);
  const { waitingCount } = queue;
  const before = (await fixture.send('GET', fixture.path())).body as unknown[];
  const items = Array.from({ length: 10 }, () => itemOf(fixture.freshName(), file));
  expect((await fixture.send('POST', fixture.path(), items)).status).toBe(503);
  expect(queue.waitingCount).toBe(waitingCount);
  await giveBack();
  expect((await fixture.send('GET', fixture.path())).body).toHaveLength(before.length);
});

test("8.3 a client with too many waiting unindexed searches is refused; its other lists and another client's searches are not", async () => {
  const { queue } = fixture.app.get(Searches);
  const message = 'Too many unindexed searches of this client are waiting. Try again in 2 s.';
  const other = await beside(
    queue,
    async () => await search(OTHER_ACCOUNT, 'address.city=Bern'),
    async () => {
      for (const query of ['address.city=Bern', 'sortBy=name.familyName', 'returnTotalResultCount=true']) {
        expectRefused(await search(ACCOUNT, query), message, '2');
      }
      const auditLog = await send(fixture.app, 'GET', `${CORE}/${ACCOUNT}/audit-events?action=deleted`, { token });
      expectRefused(auditLog, message, '2');
      expect((await search(ACCOUNT, 'loginId=user-0')).status).toBe(200);
      expect((await search(OTHER_ACCOUNT, 'sortBy=name.familyName')).status).toBe(200);
    },
  );
  expect(other.status).toBe(200);
});

test.each([
  ['p12 file', 'POST', `/mtls/account/${ACCOUNT}/certificates`, Pkcs12Reader],
  ['password', 'PATCH', passwordOf(ACCOUNT, 'user-1'), PasswordHasher],
  ['unindexed search', 'GET', `${CORE}/clients/${ACCOUNT}/users?address.city=Bern`, Searches],
] as const)(
  '7.1 the %s of a caller who disconnects leaves the queue, is logged without a defect, and changes nothing',
  async (kind, method, path, owner) => {
    const { queue } = fixture.app.get<{ queue: FairSlots }>(owner);
    const stored = async (): Promise<unknown> =>
      await fixture.app.dataSource.query(
        'select (select count(*) from key_stores), (select count(*) from audit_events)',
      );
    const before = await stored();
    const giveBack = occupy(queue);
    const { waitingCount } = queue;
    const body = {
      'p12 file': [itemOf('left', file)],
      password: { password: PASSWORD },
      'unindexed search': undefined,
    };
    const caller = new AbortController();
    const logged = fixture.app.log.length;
    const request = fetch(fixture.app.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${method === 'POST' ? fixture.token : token}`,
        'Content-Type': 'application/json',
      },
      signal: caller.signal,
      ...(body[kind] === undefined ? {} : { body: JSON.stringify(body[kind]) }),
    });
    await expect.poll(() => queue.waitingCount).toBe(waitingCount + 1);
    caller.abort();
    await expect(request).rejects.toThrow('aborted');
    await expect.poll(() => queue.waitingCount).toBe(waitingCount);
    await expect.poll(() => fixture.app.log.length).toBe(logged + 1);
    await giveBack();
    expect(await stored()).toEqual(before);
    const lines = fixture.app.log.slice(logged).map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([{ level: 30, status: 499, method }]);
  },
);

test('metrics have waiting, held, largest share and refusals of every queue, without client names', async () => {
  const { queue } = fixture.app.get(Pkcs12Reader);
  const giveBack = fillFor(queue, ACCOUNT);
  await upload(ACCOUNT);
  const text = await (await fetch(`${fixture.app.url}/metrics`)).text();
  const { waitingCount, heldCount, largestHeldCount, refusals } = queue;
  await giveBack();
  const values = [
    `certkeep_queue_waiting{queue="pkcs12"} ${waitingCount}`,
    `certkeep_queue_held{queue="pkcs12"} ${heldCount}`,
    `certkeep_queue_largest_share{queue="pkcs12"} ${largestHeldCount}`,
    `certkeep_queue_refused_total{queue="pkcs12",reason="client_limit"} ${refusals.client_limit}`,
  ];
  for (const value of values) expect(text).toContain(`${value}\n`);
  expect(Math.min(waitingCount, heldCount, largestHeldCount, refusals.client_limit)).toBeGreaterThan(0);
  for (const name of ['connections', 'passwords', 'searches', 'large_bodies']) {
    expect(text).toContain(`certkeep_queue_waiting{queue="${name}"} 0\n`);
    for (const reason of ['client_limit', 'overloaded', 'waited_too_long']) {
      expect(text).toContain(`certkeep_queue_refused_total{queue="${name}",reason="${reason}"}`);
    }
  }
  expect(text).not.toContain(ACCOUNT);
});

const LARGE = Buffer.alloc(100_000);
const largeForm = async (account: string): Promise<Answer> =>
  await fixture.sendForm('POST', `/mtls/account/${account}/p12-test/multipart`, { file: LARGE, password: 'paw1' });
const largeJson = async (account: string): Promise<Answer> =>
  await fixture.send('POST', fixture.path(undefined, account), [{ name: 'large', password: 'paw1', p12: [...LARGE] }]);

test.each([
  ['form', largeForm],
  ['JSON', largeJson],
])(
  '7.2 a large %s of a client with too many waiting is refused unread, and a small one is read',
  async (_, request) => {
    const giveBack = fillFor(largeBodies.reading, '100');
    try {
      expectRefused(await request(ACCOUNT), 'Too many large bodies of this client are waiting. Try again in 1 s.', '1');
      expect((await testFile(ACCOUNT)).status).toBe(200);
    } finally {
      await giveBack();
    }
    expect((await request(ACCOUNT)).status).not.toBe(503);
    expect(largeBodies.reading.heldCount).toBe(0);
  },
);

const usersOf = (client: string): string => `${CORE}/clients/${client}/users`;

test('8.1 two pages of a client are read at once; more wait, but its single resources and the pages of others do not', async () => {
  const { pageQueue } = fixture.app.get(Database);
  const giveBack = await Promise.all([pageQueue.acquire(ACCOUNT), pageQueue.acquire(ACCOUNT)]);
  const waiting = send(fixture.app, 'GET', usersOf(ACCOUNT), { token });
  await expect.poll(() => pageQueue.waitingCount).toBe(1);
  expect((await send(fixture.app, 'GET', usersOf(OTHER_ACCOUNT), { token })).status).toBe(200);
  expect((await send(fixture.app, 'GET', `${CORE}/${ACCOUNT}/users/user-0`, { token })).status).toBe(200);
  expect(pageQueue.waitingCount).toBe(1);
  for (const give of giveBack) give();
  expect((await waiting).status).toBe(200);
  expect(pageQueue.heldCount).toBe(0);
});
