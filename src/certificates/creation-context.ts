import type { Caller } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import type { StatementRunner } from '../database/database.js';
import type { CertificatesPath } from './certificate-path.js';
import type { OwnerAndPolicyRow } from './certificate-row.js';
import { READ_OWNER_AND_POLICY } from './certificate.queries.js';

/** What the decision on a new certificate depends on. */
export type CreationContext = OwnerAndPolicyRow & { readonly count: number };

/** Undefined if there is no such user; without `policyExtId`, the policy is the default. */
export async function readCreationContext(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId }: CertificatesPath,
  policyExtId: string | undefined,
): Promise<CreationContext | undefined> {
  const parameters = { clientExtId, userExtId, chosenPolicyExtId: policyExtId ?? null };
  const row = await READ_OWNER_AND_POLICY[caller.mode].first(runner, parameters);
  requireActiveOwner(caller, row);
  return row && requirePolicy(row);
}

export function requirePolicy<Row extends { readonly policyExtId: string | null }>(
  row: Row,
): Exclude<Row, { readonly policyExtId: null }> {
  if (hasPolicy(row)) return row;
  throw appError({
    code: 'errors.invalidData',
    message: 'policyExtId must name a CertificatePolicy of the client, or be absent if the client has a default.',
    field: 'policyExtId',
  });
}

function hasPolicy<Row extends { readonly policyExtId: string | null }>(
  row: Row,
): row is Exclude<Row, { readonly policyExtId: null }> {
  return row.policyExtId !== null;
}
