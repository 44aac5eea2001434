import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { dataSourceOptions } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { FoldLoginIds1700000000004 } from '../src/database/migrations/1700000000004-fold-login-ids.js';
import { createDatabase, type TestDatabase } from './support/database.js';

describe('the migration that recomputes folded login IDs', () => {
  let database: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    database = await createDatabase();
    const settings = { url: database.url, poolSize: 1, statementTimeoutMs: 60_000 };
    source = await new DataSource(dataSourceOptions(settings)).initialize();
    await source.query('delete from migrations where name = $1', [FoldLoginIds1700000000004.name]);
    await source.query(
      `insert into clients (ext_id, generation, name, version, created, last_modified)
       select id, gen_random_uuid(), id, 1, now(), now() from unnest(array['100', '200']) as id`,
    );
  });

  afterEach(async () => {
    await source.destroy();
    await database.drop();
  });

  async function insert(client: string, extId: string, loginId: string, folded: string): Promise<void> {
    await source.query(
      `insert into users (client_ext_id, ext_id, generation, login_id, login_id_folded, state, is_technical_user,
         version, created, last_modified)
       values ($1, $2, gen_random_uuid(), $3, $4, 'active', false, 1, now(), now())`,
      [client, extId, loginId, folded],
    );
  }

  /** A rewritten row has another ctid. */
  async function rows(): Promise<readonly { ext_id: string; login_id_folded: string; ctid: string }[]> {
    return await source.query<{ ext_id: string; login_id_folded: string; ctid: string }[]>(
      'select ext_id, login_id_folded, ctid::text from users order by client_ext_id, ext_id',
    );
  }

  it('2.4 only rows whose folded login ID changes are written', async () => {
    await insert('100', 'dotless', 'mıke', 'mike');
    await insert('100', 'plain', 'Anna', 'anna');
    await insert('100', 'umlaut', 'ZÜRICH', 'zürich');
    await insert('200', 'same', 'mike', 'mike');
    const before = await rows();
    expect(await migrate(source)).toEqual([FoldLoginIds1700000000004.name]);
    const after = await rows();
    expect(after.map((row) => row.login_id_folded)).toEqual(['mıke', 'anna', 'zürich', 'mike']);
    expect(after.map((row, at) => row.ctid !== before[at]?.ctid)).toEqual([true, false, false, false]);
  });

  it('2.4 more rows than fit into one batch are migrated', async () => {
    await source.query(
      `insert into users (client_ext_id, ext_id, generation, login_id, login_id_folded, state, is_technical_user,
         version, created, last_modified)
       select '100', 'u' || n, gen_random_uuid(), 'ı' || n, 'i' || n, 'active', false, 1, now(), now()
       from generate_series(1, 2500) as n`,
    );
    await migrate(source);
    const [{ count }] = await source.query<[{ count: number }]>(
      'select count(*)::int from users where login_id_folded = login_id',
    );
    expect(count).toBe(2500);
  });

  it.each([
    ['with a row that does not change', 'mıke', 'stale'],
    ['of two rows that change', 'stale', 'stale too'],
  ])('2.4 a collision %s fails with the names of both users, and nothing is changed', async (_title, first, second) => {
    await insert('100', 'first', 'mıke', first);
    await insert('100', 'second', 'MıKE', second);
    const before = await rows();
    const failure: unknown = await migrate(source).catch((error: unknown) => error);
    expect(String(failure)).toContain('first (login id "mıke")');
    expect(String(failure)).toContain('second (login id "MıKE")');
    expect(String(failure)).toContain('of the client 100');
    expect(await rows()).toEqual(before);
  });
});
