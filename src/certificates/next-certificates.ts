import { CREDENTIALS } from '../credentials/credential.table.js';
import { identifier } from '../database/column.js';
import { parameter, returns, type Sql, sql } from '../database/sql.js';

/** Rows that one statement examines: some milliseconds, also if it finds few certificates among them, or none. */
const MAX_EXAMINED = 1_000;

interface Wanted<Parameters, Row> {
  /** Of the credential `c`, its user `u` and what `filter` joins; they are null if there is no certificate. */
  readonly columns: Sql<unknown, Row>;
  /** Continues the condition on `c`, by `and` or by another join. */
  readonly filter: Sql<Parameters>;
  readonly maximum: number;
}

/**
 * The next certificates of a client behind `afterExtId` that are not archived, nor is their user, and the last row that was
 * examined, which is null at the end. Without certificates, one row has only that.
 */
export function nextCertificates<Parameters, Row>({ columns, filter, maximum }: Wanted<Parameters, Row>) {
  const { clientExtId } = CREDENTIALS.parameters;
  return sql`with examined as materialized (select c.ext_id from credentials c
      where c.client_ext_id = ${clientExtId} and c.ext_id > ${parameter('afterExtId', identifier())}
      order by c.client_ext_id, c.ext_id limit ${MAX_EXAMINED})
    select ${returns<{ readonly lastExamined: string | null }>('l.last as "lastExamined"')}, f.*
    from (select max(e.ext_id) as last from examined e) l
    left join lateral (select ${columns}
      from examined e
      join credentials c on c.client_ext_id = ${clientExtId} and c.ext_id = e.ext_id and c.type = 'Certificate'
        and c.state <> 'archived' ${filter}
      join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id and u.state <> 'archived'
      order by c.ext_id limit ${maximum}) f on true
    order by f."extId"`;
}
