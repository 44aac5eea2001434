import type { Caller } from '../common/actor.js';
import { requirePolicyFor } from '../credentials/new-credential.js';
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
  return requirePolicyFor(row, 'CertificatePolicy');
}
