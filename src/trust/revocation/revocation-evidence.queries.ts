import { byteStrings, identifier, instant, integer, uuid } from '../../database/column.js';
import { leftJoined, parameter, returns, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { NOW } from '../../database/versioned.js';
import { REVOCATION_ANSWERS } from './revocation-answer.table.js';
import { REVOCATION_CHANGES } from './revocation-change.table.js';
import { TRUST_SET_CRLS } from './trust-set-crl.table.js';

const { clientExtId } = REVOCATION_ANSWERS.parameters;

/** The CRLs of a set, without their DER. */
export const FIND_CRLS_OF_SET = statement(
  'find_crls_of_set',
  sql`select ${TRUST_SET_CRLS.select('c', ['name', 'sha256'])} from trust_set_crls c
    where ${TRUST_SET_CRLS.matches('c', ['clientExtId', 'setExtId'])} order by c.name`,
);

const { policyExtId, policyGeneration, policyVersion, evaluationVersion } = {
  policyExtId: parameter('policyExtId', identifier()),
  policyGeneration: parameter('policyGeneration', uuid()),
  policyVersion: parameter('policyVersion', integer()),
  evaluationVersion: parameter('evaluationVersion', integer()),
};

/** As FIND_CRLS_OF_SET, and whether this version of the policy is the present one. Null if the set has none. */
export const FIND_CRLS_OF_POLICY = statement(
  'find_crls_of_policy',
  sql`select ${returns<{ readonly isPresent: boolean }>('present."isPresent"')},
      ${leftJoined(TRUST_SET_CRLS.select('c', ['name', 'sha256']))}
    from (select exists (select 1 from policies p where p.client_ext_id = ${clientExtId} and p.ext_id = ${policyExtId}
      and p.generation = ${policyGeneration} and p.version = ${policyVersion}
      and p.evaluation_version = ${evaluationVersion}
      and p.trust_set_ext_id = ${TRUST_SET_CRLS.parameters.setExtId}) as "isPresent") present
    left join trust_set_crls c on ${TRUST_SET_CRLS.matches('c', ['clientExtId', 'setExtId'])} order by c.name`,
);

const ASKED = sql`unnest(${parameter('issuerKeys', byteStrings())}, ${parameter('sources', byteStrings())})
  as asked (issuer_key_sha256, source_sha256)`;

/** A day before the check. */
const USED_BEFORE = parameter('usedBefore', instant());

/**
 * The answers of these sources that are current, without their DER. That they are used is noted once a day, because every
 * note is a write; whoever reads never waits for it.
 */
export const FIND_CURRENT_ANSWERS = statement(
  'find_current_revocation_answers',
  sql`with found as (select a.* from revocation_answers a join ${ASKED} using (issuer_key_sha256, source_sha256)
      where a.client_ext_id = ${clientExtId} and a.der is not null
        and a.this_update <= ${NOW} + interval '5 min' and a.next_update > ${NOW}),
    free as (select a.issuer_key_sha256, a.source_sha256 from revocation_answers a
      join ${ASKED} using (issuer_key_sha256, source_sha256)
      where a.client_ext_id = ${clientExtId} and a.used_at < ${USED_BEFORE} for no key update of a skip locked),
    used as (update revocation_answers a set used_at = ${NOW} from free
      where a.client_ext_id = ${clientExtId} and a.issuer_key_sha256 = free.issuer_key_sha256
        and a.source_sha256 = free.source_sha256)
    select ${REVOCATION_ANSWERS.select('f', ['issuerKeySha256', 'sourceSha256', 'kind', 'sha256'])} from found f`,
);

export const READ_CRL_OF_SET = statement(
  'read_crl_of_set',
  sql`select ${TRUST_SET_CRLS.select('c', ['der'])} from trust_set_crls c
    where ${TRUST_SET_CRLS.matches('c', ['clientExtId', 'setExtId', 'name', 'sha256'])}`,
);

export const READ_ANSWER = statement(
  'read_revocation_answer',
  sql`select ${REVOCATION_ANSWERS.select('a', ['der'])} from revocation_answers a
    where ${REVOCATION_ANSWERS.matches('a', ['clientExtId', 'issuerKeySha256', 'sourceSha256', 'sha256'])}`,
);

export const READ_CHANGED_AT = statement(
  'read_revocation_changed_at',
  sql`select ${REVOCATION_CHANGES.select('c', ['changedAt'])} from revocation_changes c
    where ${REVOCATION_CHANGES.matches('c', ['clientExtId'])}`,
);

/** Every change of the evidence of a client raises this, also two in the same millisecond. */
export const RAISE_CHANGED_AT = statement(
  'raise_revocation_changed_at',
  sql`insert into revocation_changes as c (client_ext_id, changed_at) values (${clientExtId}, ${NOW})
    on conflict (client_ext_id) do update
      set changed_at = greatest(excluded.changed_at, c.changed_at + interval '1 ms')`,
);
