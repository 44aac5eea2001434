import { CREDENTIALS } from '../../credentials/credential.table.js';
import { identifier } from '../../database/column.js';
import { parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';

const { clientExtId } = CREDENTIALS.parameters;

/** Certificates of one batch. */
export const MAX_FORECAST = 1_000;

/**
 * The next certificates that are not archived and have not ended. `undescribed`: the DER of one whose search columns have not
 * been written yet.
 */
export const FIND_CERTIFICATES_TO_FORECAST = statement(
  'find_certificates_to_forecast',
  sql`select ${CREDENTIALS.select('c', ['extId', 'userExtId', 'subjectDn', 'issuerDn', 'serial', 'notAfter', 'extendedKeyUsage', 'authorityKeyIdentifier'])},
      ${returns<{ readonly undescribed: Buffer | null }>(
        'case when c.described_sha256 is distinct from c.sha256 then c.der end as undescribed',
      )}
    from credentials c
    where c.client_ext_id = ${clientExtId} and c.ext_id > ${parameter('afterExtId', identifier())}
      and c.type = 'Certificate' and c.state <> 'archived'
    order by c.client_ext_id, c.ext_id limit ${MAX_FORECAST}`,
);
