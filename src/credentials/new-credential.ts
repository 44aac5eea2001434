import type { UserActivity } from '../common/active-user.js';
import { AppError, type ErrorDetail, throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { firstVersion } from '../database/versioned.js';
import { checkNotArchived } from './state-refusals.rules.js';

/** The columns of a new credential that depend on neither its type nor its policy. */
export function newCredential(userExtId: string, now: Date, extId: string = generateExternalId()) {
  return { ...firstVersion(now), extId, userExtId, properties: null, lastSuccess: null, lastFailure: null };
}

type CredentialPolicyType = 'CertificatePolicy' | 'PwdPolicy';

/**
 * Refuses a creation without a policy, together with the other errors that are known by then. There is no row if there
 * is no such user.
 */
export function requirePolicy<Row extends { readonly policyExtId: string | null }>(
  row: Row | undefined,
  policyType: CredentialPolicyType,
  others: readonly ErrorDetail[] = [],
): Exclude<Row, { readonly policyExtId: null }> | undefined {
  if (row === undefined || row.policyExtId !== null) return row as Exclude<Row, { readonly policyExtId: null }>;
  const missing: ErrorDetail = {
    code: 'errors.invalidData',
    message: `policyExtId must name a ${policyType} of the client, or be absent if the client has a default.`,
    field: 'policyExtId',
  };
  throw new AppError([missing, ...others]);
}

/** Likewise for a credential of this owner: if they are archived, nothing else is reported (contract 3.9). */
export function requirePolicyFor<
  Row extends { readonly policyExtId: string | null; readonly ownerState: UserActivity['state'] },
>(row: Row | undefined, policyType: CredentialPolicyType, others: readonly ErrorDetail[] = []) {
  if (row?.policyExtId === null) throwAll(checkNotArchived({ state: row.ownerState }));
  return requirePolicy(row, policyType, others);
}
