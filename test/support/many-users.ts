import type { DataSource } from 'typeorm';

/** Users of one statement, which ends within the time limit. */
const BATCH = 5_000;

/**
 * Inserts users `user-000001` and so on, ten for each created millisecond. Every tenth is disabled,
 * and every hundredth has a family name of their own.
 */
export async function insertManyUsers(dataSource: DataSource, clientExtId: string, count: number): Promise<void> {
  for (let first = 1; first <= count; first += BATCH) {
    await dataSource.query(INSERT, [clientExtId, first, Math.min(first + BATCH - 1, count)]);
  }
  await dataSource.query('vacuum analyze users');
}

const INSERT = `insert into users (client_ext_id, ext_id, generation, login_id, login_id_folded, state, is_technical_user,
        first_name, family_name, email, address, version, created, last_modified,
        family_name_folded, email_folded, search_text, search_version)
      select $1, id, gen_random_uuid(), upper(id), id, case when n % 10 = 0 then 'disabled' else 'active' end, false,
        first, family, id || '@example.com', jsonb_build_object('city', 'City ' || n % 50), 1, at, at, lower(family),
        id || '@example.com', lower(concat_ws(E'\\n', first || ' ' || family, id, id || '@example.com', id)), 1
      from (select n, 'user-' || lpad(n::text, 6, '0') as id, 'First ' || n % 7 as first,
          case when n % 100 = 0 then 'Family ' || n else 'Doe' end as family,
          timestamptz '2026-01-01' + (n / 10) * interval '1 millisecond' as at
        from generate_series($2::integer, $3::integer) as n) as numbered`;
