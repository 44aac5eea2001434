import { DataSource } from 'typeorm';

import { dataSourceOptions } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { AuditPartitions1700000000033 } from '../../src/database/migrations/1700000000033-audit-partitions.js';
import { MIGRATIONS } from '../../src/database/migrations/list.js';

export interface EarlierLog {
  readonly clients: number;
  /** Of each client. */
  readonly users: number;
  /** Of each user. */
  readonly versions: number;
  /** Events without a version, of each client: half of them name changed members, half do not. */
  readonly others: number;
}

/** Every user of a client has this generation with their own number at the end. */
export const generationOf = (client: number, user: number): string =>
  `00000000-0000-0000-${String(client).padStart(4, '0')}-${String(user).padStart(12, '0')}`;

/**
 * Empties the database, brings it to the schema with an audit log in one table, writes events of the half year before
 * June 2026 into it, and migrates it. Clients are called c0, c1 and so on, their users u0, u1 and so on.
 */
export async function withEarlierLog(url: string, log: EarlierLog): Promise<string> {
  const options = dataSourceOptions({ url, poolSize: 2, statementTimeoutMs: 600_000 });
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(AuditPartitions1700000000033));
  const earlier = await new DataSource({ ...options, migrations: before }).initialize();
  try {
    await earlier.query('drop schema public cascade; create schema public');
    await earlier.runMigrations({ transaction: 'each' });
    await earlier.query(WRITE_VERSIONS, [log.clients, log.users, log.versions]);
    await earlier.query(WRITE_OTHERS, [log.clients, log.others]);
  } finally {
    await earlier.destroy();
  }
  const present = await new DataSource(options).initialize();
  try {
    await migrate(present);
  } finally {
    await present.destroy();
  }
  return url;
}

const START = `timestamptz '2025-12-03T00:00:00Z'`;
const PERIOD = `interval '179 days'`;

const WRITE_VERSIONS = `insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id,
    user_ext_id, generation, version, changed, after, request_id)
  select 'c' || client, gen_random_uuid(), ${START} + ${PERIOD} * version / $3::integer, 'admin', 'c' || client,
    case version when 1 then 'created' else 'changed' end, 'user', 'u' || number, 'u' || number,
    ('00000000-0000-0000-' || lpad(client::text, 4, '0') || '-' || lpad(number::text, 12, '0'))::uuid,
    version, array['remarks', 'name'], jsonb_build_object('remarks', version::text), 'request'
  from generate_series(0, $1::integer - 1) client, generate_series(0, $2::integer - 1) number,
    generate_series(1, $3::integer) version`;

const WRITE_OTHERS = `insert into audit_events (client_ext_id, id, at, actor, actor_client, action, kind, ext_id,
    user_ext_id, changed, request_id)
  select 'c' || client, gen_random_uuid(), ${START} + ${PERIOD} * number / $2::integer, 'user', 'c' || client,
    case number % 2 when 0 then 'refused' else 'loggedIn' end, 'certificate', 'cert', 'u0',
    case number % 2 when 0 then array['stateName'] end, 'request'
  from generate_series(0, $1::integer - 1) client, generate_series(1, $2::integer) number`;
