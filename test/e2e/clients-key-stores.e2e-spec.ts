import { afterAll, beforeAll, expect, test } from 'vitest';

import { CORE, send } from '../support/http.js';
import { KeyStoreWorld } from '../support/key-store-world.js';

let world: KeyStoreWorld;

beforeAll(async () => {
  world = await KeyStoreWorld.start();
});

afterAll(async () => await world.app.close());

async function count(table: string): Promise<number> {
  const [row] = await world.app.dataSource.query<[{ count: number }]>(
    `select count(*)::integer as count from ${table}`,
  );
  return row.count;
}

test('10.1 C5: key stores go with their client, each once into the trail, and their secrets with them', async () => {
  const { id: deleted } = await world.create('deleted before');
  await world.send('DELETE', world.path(deleted));
  const { id } = await world.create('standing');
  const account = world.path().split('/')[3] as string;
  const token = await world.app.token({ data_room: { clients: ['*'] } });

  expect((await send(world.app, 'DELETE', `${CORE}/clients/${account}`, { token })).status).toBe(204);
  expect(await count('key_stores')).toBe(0);
  const lines: unknown[] = await world.app.dataSource.query(
    `select ext_id, actor from trail where kind = 'keyStore' and action = 'deleted' order by at, id`,
  );
  expect(lines).toEqual([
    { ext_id: String(deleted), actor: 'admin-1' },
    { ext_id: String(id), actor: 'admin-1' },
  ]);

  expect(await count('sealed_secrets')).toBe(2);
  await world.reconcile();
  expect(await count('sealed_secrets')).toBe(0);
});
