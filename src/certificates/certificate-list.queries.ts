import type { Request } from 'express';

import { appError } from '../common/errors.js';
import { STATE_NAMES } from '../credentials/credential-state.rules.js';
import type { Statement } from '../database/database.js';
import { withinPageBytes } from '../database/page-rows.js';
import { parseInstant } from '../http/instant.js';
import { PAGE_PARAMETERS, type PageRequest, readPageRequest } from '../http/page.js';
import { invalidParameter, readQuery } from '../http/query.js';
import type { CertificatesPath } from './certificate-path.js';
import { CREDENTIAL, credentialOctets } from './certificate.queries.js';

/** Contract 8.3: what X1 filters by. */
const FILTERS = ['stateName', 'issuerDN', 'fingerprint', 'expiresBefore'] as const;

export interface CertificatesQuery {
  readonly page: PageRequest;
  readonly stateName: string | undefined;
  readonly issuerDN: string | undefined;
  readonly fingerprint: Buffer | undefined;
  readonly expiresBefore: Date | undefined;
}

interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** `credential-state.rules.ts` in SQL: neither a temporary lock that has ended nor a hidden one shows. $3 is now. */
const EFFECTIVE_STATE = `case when c.lock = 'tmp-locked' and c.locked_until <= $3::timestamptz then c.state
      when c.state_set_by = 'policyOverLock' then c.state
      else coalesce(c.lock, c.state) end`;

/** A filter that was not sent is null, and null asks for nothing: one statement, prepared once, serves them all. */
const SELECTED = `from credentials c
    where c.client_ext_id = $1 and c.user_ext_id = $2 and c.type = 'Certificate'
      and ($4::text is null or ${EFFECTIVE_STATE} = $4)
      and ($5::text is null or c.issuer_dn = $5)
      and ($6::bytea is null or c.sha256 = $6 or c.sha1 = $6)
      and ($7::timestamptz is null or c.valid_to < $7)`;

const LIST: Statement = {
  name: 'list_certificates',
  text: withinPageBytes(`select ${CREDENTIAL}, ${credentialOctets('c')} ${SELECTED}
      and (c.created, c.ext_id) > (coalesce($8::timestamptz, '-infinity'), $9::text collate "C")
    order by c.created, c.ext_id limit $10`),
};

const COUNT: Statement = { name: 'count_certificates', text: `select count(*)::integer as total ${SELECTED}` };

export function readCertificatesQuery(request: Request): CertificatesQuery {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTERS]);
  return {
    page: readPageRequest(query),
    stateName: readStateName(query['stateName']),
    issuerDN: query['issuerDN'],
    fingerprint: readFingerprint(query['fingerprint']),
    expiresBefore: readInstant('expiresBefore', query['expiresBefore']),
  };
}

export function listStatement(path: CertificatesPath, query: CertificatesQuery, now: Date): BoundStatement {
  const { after, limit } = query.page;
  const start = [after === undefined ? null : new Date(after.created), after?.extId ?? ''];
  // One more than asked for: it says whether there is a next page.
  return { statement: LIST, values: [...selection(path, query, now), ...start, limit + 1] };
}

export function countStatement(path: CertificatesPath, query: CertificatesQuery, now: Date): BoundStatement {
  return { statement: COUNT, values: selection(path, query, now) };
}

function selection(path: CertificatesPath, query: CertificatesQuery, now: Date): readonly unknown[] {
  return [
    path.clientExtId,
    path.userExtId,
    now,
    query.stateName ?? null,
    query.issuerDN ?? null,
    query.fingerprint ?? null,
    query.expiresBefore ?? null,
  ];
}

function readStateName(text: string | undefined): string | undefined {
  if (text === undefined || (STATE_NAMES as readonly string[]).includes(text)) return text;
  throw appError(invalidParameter('stateName', `stateName must be one of ${STATE_NAMES.join(', ')}.`));
}

/** Either digest, in the form in which a resource shows it, or without colons. */
function readFingerprint(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const hex = text.replaceAll(':', '');
  if (/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(hex)) return Buffer.from(hex, 'hex');
  throw appError(invalidParameter('fingerprint', 'fingerprint must be a SHA-256 or SHA-1 digest in hex.'));
}

function readInstant(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const moment = parseInstant(text);
  if (moment !== undefined) return moment;
  throw appError(invalidParameter(name, `${name} must be a moment such as 2026-01-31T00:00:00Z.`));
}
