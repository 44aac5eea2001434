import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Answer, CORE, codesOf } from '../support/http.js';
import { UsersFixture } from '../support/users-fixture.js';

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
});

afterAll(async () => await fixture.app.close());

test('3.2, 3.5 a stale version is 409, a stale If-Match is 412 and checked first', async () => {
  const path = await fixture.user('stale');
  await fixture.patch(path, { remarks: 'second' });
  const conflict = await fixture.patch(path, { remarks: 'third', version: 1 });
  expect([conflict.status, codesOf(conflict)]).toEqual([409, ['errors.optimisticLockingFailure']]);
  expect(conflict.body).toMatchObject({
    errors: [{ field: 'version', currentVersion: 2, changedBy: 'admin-1' }],
  });
  expect((await fixture.patch(path, { version: 1 })).status).toBe(409);

  const stale = { 'If-Match': '"1"' };
  const failed: Answer[] = [
    await fixture.patch(path, { version: 1 }, stale),
    await fixture.send('DELETE', path, { headers: stale }),
    await fixture.send('POST', `${path}/archive`, { headers: stale }),
  ];
  expect(failed.map(codesOf)).toEqual(failed.map(() => ['errors.preconditionFailed']));
  expect((await fixture.patch(path, {}, { 'If-Match': 'W/"2"' })).status).toBe(412);
  expect((await fixture.patch(path, {}, { 'If-Match': '2' })).status).toBe(400);
  expect((await fixture.read(path)).body).toMatchObject({ version: 2, remarks: 'second' });
});

test('3.6 where a version is required a change without one is 428', async () => {
  const strict = await UsersFixture.start({ requireVersion: true });
  try {
    const path = await strict.user('jane');
    const client = `${CORE}/clients/100`;
    const without = [
      await strict.patch(path, {}),
      await strict.send('DELETE', path),
      await strict.patch(client, {}),
      await strict.send('DELETE', client),
    ];
    expect(without.map(({ status }) => status)).toEqual([428, 428, 428, 428]);
    expect((await strict.patch(path, { version: 1, remarks: 'x' })).status).toBe(200);
  } finally {
    await strict.app.close();
  }
});

test('3.4 changes at once are all applied', async () => {
  const path = await fixture.user('raced');
  const members = ['telephone', 'telefax', 'mobile', 'email'];
  const answers = await Promise.all(
    members.map(async (member) => await fixture.patch(path, { contacts: { [member]: 'x' } })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const read = await fixture.read(path);
  expect(read.body).toMatchObject({ version: 5, contacts: { telephone: 'x', telefax: 'x', mobile: 'x', email: 'x' } });
  expect((await fixture.eventsOf('raced')).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
});

test('3.2 of changes at once with one version one succeeds', async () => {
  const path = await fixture.user('versioned');
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => await fixture.patch(path, { remarks: `r${index}`, version: 1 })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
  expect((await fixture.read(path)).body).toMatchObject({ version: 2 });
});

test('2.1 after the clock was set back a change is not dated before the previous one', async () => {
  const path = await fixture.user('clock');
  const first = await fixture.patch(path, { remarks: 'one' });
  fixture.app.clock.advance(-3_600_000);
  const second = await fixture.patch(path, { remarks: 'two' });
  fixture.app.clock.advance(3_600_000);
  const { lastModified } = first.body as { lastModified: string };
  expect([second.status, second.body]).toMatchObject([200, { lastModified, version: 3 }]);
});
