import { appError } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { firstVersion } from '../database/versioned.js';

/** The columns of a new credential that depend on neither its type nor its policy. */
export function newCredential(userExtId: string, now: Date, extId: string = generateExternalId()) {
  return { ...firstVersion(now), extId, userExtId, properties: null, lastSuccess: null, lastFailure: null };
}

/** Refuses a creation without a policy. There is no row if there is no such user. */
export function requirePolicy<Row extends { readonly policyExtId: string | null }>(
  row: Row | undefined,
  policyType: 'CertificatePolicy' | 'PwdPolicy',
): Exclude<Row, { readonly policyExtId: null }> | undefined {
  if (row === undefined || row.policyExtId !== null) return row as Exclude<Row, { readonly policyExtId: null }>;
  throw appError({
    code: 'errors.invalidData',
    message: `policyExtId must name a ${policyType} of the client, or be absent if the client has a default.`,
    field: 'policyExtId',
  });
}
