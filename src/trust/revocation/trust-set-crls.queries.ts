import { changeWithAuditEvent } from '../../audit/change-with-audit-event.js';
import { returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { DENIED } from '../../denials/denied.js';
import { TRUST_SET_CRLS } from './trust-set-crl.table.js';

const { clientExtId, setExtId, name } = TRUST_SET_CRLS.parameters;
const BY_SET = TRUST_SET_CRLS.matches('c', ['clientExtId', 'setExtId']);
const BY_NAME = TRUST_SET_CRLS.matches('c', ['clientExtId', 'setExtId', 'name']);

/** All columns but the DER. */
const SHOWN_COLUMNS = TRUST_SET_CRLS.columnNames.filter((column) => column !== 'der');

export const LIST_CRLS = statement(
  'list_crls',
  sql`select ${TRUST_SET_CRLS.select('c', SHOWN_COLUMNS)} from trust_set_crls c where ${BY_SET} order by c.name`,
);

interface CurrentCrl {
  readonly generation: string;
  readonly sha256: Buffer | null;
  readonly number: string | null;
  readonly thisUpdate: Date | null;
  readonly stored: number;
}

/** The set, and its CRL with this name; no row if there is no such set. */
export const READ_SET_AND_CRL = statement(
  'read_set_and_crl',
  sql`select ${returns<CurrentCrl>(`s.generation, c.sha256, c.number, c.this_update as "thisUpdate",
      (select count(*)::integer from trust_set_crls o
        where o.client_ext_id = s.client_ext_id and o.set_ext_id = s.ext_id) as stored`)}
    from trust_anchor_sets s
    left join trust_set_crls c on c.client_ext_id = s.client_ext_id and c.set_ext_id = s.ext_id and c.name = ${name}
    where s.client_ext_id = ${clientExtId} and s.ext_id = ${setExtId}`,
);

/** It is no version of the set. */
const NO_VERSION = returns<{ readonly version: null; readonly at: Date }>('null::integer as version');
const WRITTEN = sql`${NO_VERSION}, ${NOW} as at`;

/**
 * What was evaluated with the former CRLs is evaluated again. The set and the fair lock of the policies must be locked
 * before, in statements of their own, as for a change of the set.
 */
const EVALUATE_AGAIN = sql`to_evaluate_again as (update policies p set evaluation_version = p.evaluation_version + 1
      from changed where p.client_ext_id = ${clientExtId} and p.trust_set_ext_id = ${setExtId}),
    raised as (insert into revocation_changes as r (client_ext_id, changed_at) select ${clientExtId}, ${NOW} from changed
      on conflict (client_ext_id) do update
        set changed_at = greatest(excluded.changed_at, r.changed_at + interval '1 ms')),
    ${DENIED}`;

const REPLACED = TRUST_SET_CRLS.columnNames.filter((column) => !['clientExtId', 'setExtId', 'name'].includes(column));

export const PUT_CRL = changeWithAuditEvent('put_crl', {
  write: sql`insert into trust_set_crls as c (${TRUST_SET_CRLS.names()}) values (${TRUST_SET_CRLS.values()})
    on conflict (client_ext_id, set_ext_id, name) do update set ${TRUST_SET_CRLS.assignments(REPLACED)}
    returning ${WRITTEN}`,
  also: EVALUATE_AGAIN,
});

export const DELETE_CRL = changeWithAuditEvent('delete_crl', {
  write: sql`delete from trust_set_crls c where ${BY_NAME} returning ${WRITTEN}`,
  also: EVALUATE_AGAIN,
});
