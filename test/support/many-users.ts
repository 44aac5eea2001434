import type { DataSource } from 'typeorm';

/**
 * Inserts users `user-000001` and so on with one statement, ten for each created millisecond. Every tenth is disabled,
 * and every hundredth has a family name of their own.
 */
export async function insertManyUsers(dataSource: DataSource, clientExtId: string, count: number): Promise<void> {
  await dataSource.query(
    `insert into users (client_ext_id, ext_id, generation, login_id, login_id_folded, state, is_technical_user,
        first_name, family_name, email, address, version, created, last_modified)
      select $1, id, gen_random_uuid(), upper(id), id, case when n % 10 = 0 then 'disabled' else 'active' end, false,
        'First ' || n % 7, case when n % 100 = 0 then 'Family ' || n else 'Doe' end, id || '@example.com',
        jsonb_build_object('city', 'City ' || n % 50), 1, at, at
      from (select n, 'user-' || lpad(n::text, 6, '0') as id,
          timestamptz '2026-01-01' + (n / 10) * interval '1 millisecond' as at
        from generate_series(1, $2::integer) as n) as numbered`,
    [clientExtId, count],
  );
  await dataSource.query('vacuum analyze users');
}
