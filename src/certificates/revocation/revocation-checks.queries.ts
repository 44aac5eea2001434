import { changeWithAuditEvent } from '../../audit/change-with-audit-event.js';
import {
  COUNTERS_AND_VERSION,
  EVALUATED,
  OWNER_ACTIVITY,
  OWNER_VERSION,
  POLICY,
} from '../../credentials/credential.queries.js';
import { CREDENTIALS, STATE_COLUMNS } from '../../credentials/credential.table.js';
import { LOGIN_COLUMNS } from '../../credentials/login.queries.js';
import { grouped, leftJoined, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { DENIED } from '../../denials/denied.js';
import { CERTIFICATE } from '../certificate.queries.js';
import { nextCertificates } from '../next-certificates.js';

/** The policy `p` asks about revocation. The index of the policies that name a set finds these. */
const ASKS = returns<unknown>(`p.policy_type = 'CertificatePolicy' and p.trust_set_ext_id is not null
  and p.parameters ->> 'revocationCheck' in ('soft', 'hard')`);

interface ClientRow {
  readonly clientExtId: string;
  /** Differs as soon as the evidence of the client, such a policy or its set has changed. */
  readonly mark: string;
}

/** The clients with a policy that asks about revocation. */
export const FIND_CLIENTS_TO_CHECK = statement(
  'find_clients_to_check',
  sql`select ${returns<ClientRow>(`p.client_ext_id as "clientExtId",
      md5(string_agg(concat_ws(' ', p.ext_id, p.generation, p.version, p.evaluation_version), ',' order by p.ext_id)
        || coalesce(' ' || max(r.changed_at)::text, '')) as mark`)}
    from policies p
    join clients c on c.ext_id = p.client_ext_id and c.deleted_at is null
    left join revocation_changes r on r.client_ext_id = p.client_ext_id
    where ${ASKS}
    group by p.client_ext_id order by p.client_ext_id`,
);

/** Certificates of one batch. */
export const MAX_CHECKED = 100;

const CHECKED_COLUMNS = [
  'extId',
  'userExtId',
  'policyExtId',
  'version',
  'sha256',
  'der',
  'state',
  'stateSetBy',
  'reason',
  'detail',
  ...LOGIN_COLUMNS,
  'replacedBy',
  'disabledOn',
  'revocation',
] as const satisfies readonly (typeof CREDENTIALS.columnNames)[number][];

const CHECKED = leftJoined(sql`${CREDENTIALS.select('c', CHECKED_COLUMNS)}, ${POLICY}`);

/** The next certificates whose policy asks about revocation. */
export const FIND_CERTIFICATES_TO_CHECK = statement(
  'find_certificates_to_check',
  nextCertificates({
    columns: CHECKED,
    filter: sql`join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id and ${ASKS}`,
    maximum: MAX_CHECKED,
  }),
);

type FoundRow = Awaited<ReturnType<typeof FIND_CERTIFICATES_TO_CHECK.all>>[number];

/** A certificate always has a DER and a digest: `credentials_certificate_check`. */
export type CheckedRow = Exclude<FoundRow, { readonly extId: null }> & {
  readonly der: Buffer;
  readonly sha256: Buffer;
};

export function isCheckedRow(row: FoundRow): row is CheckedRow {
  return row.extId !== null;
}

/** Everything that the change of a checked certificate depends on. */
export const READ_CHECKED_CERTIFICATE = statement(
  'read_checked_certificate',
  sql`select ${CERTIFICATE}, ${CREDENTIALS.select('c', ['revocation'])}, ${POLICY}, ${OWNER_ACTIVITY},
      ${OWNER_VERSION}
    from credentials c
    join users u on u.client_ext_id = c.client_ext_id and u.ext_id = c.user_ext_id
    join policies p on p.client_ext_id = c.client_ext_id and p.ext_id = c.policy_ext_id
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId'])} and c.type = 'Certificate'`,
);

export type CheckedCertificate = NonNullable<Awaited<ReturnType<typeof READ_CHECKED_CERTIFICATE.first>>>;

export const CHANGE_REVOCATION = changeWithAuditEvent('change_certificate_revocation', {
  locks: EVALUATED,
  write: sql`update credentials c set ${grouped('next', CREDENTIALS.assignments([...STATE_COLUMNS, 'revocation']))},
      ${COUNTERS_AND_VERSION}`,
  also: DENIED,
});

/** Newer evidence of what is known already: neither a new version nor an audit event. */
export const CONFIRM_REVOCATION = statement(
  'confirm_certificate_revocation',
  sql`update credentials c set ${CREDENTIALS.assignments(['revocation'])}
    where ${CREDENTIALS.matches('c', ['clientExtId', 'extId', 'version', 'sha256'])}
    returning ${CREDENTIALS.select('c', ['extId'])}`,
);
