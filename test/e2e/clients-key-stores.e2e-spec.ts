import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { KeyStoreFixture } from '../support/key-store-fixture.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

async function count(table: string): Promise<number> {
  const [row] = await fixture.app.dataSource.query<[{ count: number }]>(
    `select count(*)::integer as count from ${table}`,
  );
  return row.count;
}

test('10.1 C5: key stores and their secrets are deleted with the client, each key store with one audit event', async () => {
  const { id: deleted } = await fixture.create('deleted before');
  await fixture.send('DELETE', fixture.path(deleted));
  const { id } = await fixture.create('standing');
  const account = fixture.path().split('/')[3] as string;
  const token = await fixture.app.token({ data_room: { clients: ['*'] } });

  expect((await send(fixture.app, 'DELETE', `${CORE}/clients/${account}?audit=each`, { token })).status).toBe(204);
  expect(await count('key_stores')).toBe(0);
  const lines: unknown[] = await fixture.app.dataSource.query(
    `select ext_id, actor from audit_events where kind = 'keyStore' and action = 'deleted' order by at, id`,
  );
  expect(lines).toEqual([
    { ext_id: String(deleted), actor: 'admin-1' },
    { ext_id: String(id), actor: 'admin-1' },
  ]);

  expect(await count('sealed_secrets')).toBe(2);
  await fixture.reconcile();
  expect(await count('sealed_secrets')).toBe(0);
});
