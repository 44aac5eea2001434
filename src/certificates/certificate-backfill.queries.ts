import { CREDENTIALS, SEARCH_COLUMNS } from '../credentials/credential.table.js';
import { identifier } from '../database/column.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';

/** The key of a credential, in the order of the primary key. */
export interface CredentialKey {
  readonly clientExtId: string;
  readonly extId: string;
}

const AFTER = sql`(${parameter('afterClientExtId', identifier())}, ${parameter('afterExtId', identifier())})`;

/** Rows that one statement examines: some milliseconds, also where nothing is left to be written. */
const MAX_EXAMINED = 1000;

/** Certificates that one statement reads with their DER. */
export const MAX_FOUND = 100;

/** A certificate whose search columns are to be written, or, without a DER, the last row that was examined. */
interface FoundRow extends CredentialKey {
  readonly sha256: Buffer | null;
  readonly der: Buffer | null;
}

/**
 * The next certificates whose search columns are missing, because they were stored before these columns existed, or that
 * describe another certificate, because a server that does not know these columns has replaced it; then the last row
 * that was examined. No row at the end of the table.
 */
export const FIND_UNDESCRIBED = statement(
  'find_undescribed_certificates',
  sql`with examined as (
      select c.client_ext_id, c.ext_id, c.sha256, c.der,
        c.type = 'Certificate' and (c.described_sha256 is distinct from c.sha256
          or c.searched_text is null) as undescribed
      from credentials c where (c.client_ext_id, c.ext_id) > ${AFTER}
      order by c.client_ext_id, c.ext_id limit ${MAX_EXAMINED})
    (select ${returns<FoundRow>('client_ext_id as "clientExtId", ext_id as "extId", sha256, der')}
      from examined where undescribed order by client_ext_id, ext_id limit ${MAX_FOUND})
    union all
    (select client_ext_id, ext_id, null, null from examined order by client_ext_id desc, ext_id desc limit 1)`,
);

/**
 * Changes neither the version nor its time. A row that somebody else has locked is left for the next pass, so that this
 * never waits while it holds locks; one that has another certificate by now stays as it is.
 */
export const WRITE_SEARCH_COLUMNS = statement(
  'write_search_columns',
  sql`with free as (select c.client_ext_id, c.ext_id from credentials c
      where ${CREDENTIALS.matches('c', ['clientExtId', 'extId', 'sha256'])} for no key update skip locked)
    update credentials c set ${CREDENTIALS.assignments(SEARCH_COLUMNS)} from free
    where c.client_ext_id = free.client_ext_id and c.ext_id = free.ext_id
    returning ${CREDENTIALS.select('c', ['extId'])}`,
);
