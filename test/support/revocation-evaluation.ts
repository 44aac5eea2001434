import { searchPath } from '../../src/certificates/trust-anchors.rules.js';
import { prepareAnchors } from '../../src/x509/path/prepared-anchors.js';
import type { RevocationStatus } from '../../src/x509/revocation/revocation-status.js';
import { EXHAUSTED, MISSING } from '../../src/x509/revocation/unknown-cause.js';
import { NOW, policyOf } from './rule-fixtures.js';
import { authority, endEntity } from './signed-certificate.js';

const root = authority('Root');
const set = {
  name: 'Set',
  anchors: [root.certificate],
  intermediates: [],
  prepared: prepareAnchors([root.certificate], []),
};

const STATUSES = {
  good: { status: 'good', evidence: [] },
  revoked: { status: 'revoked', reason: 'keyCompromise', revocationDate: undefined, evidence: [] },
  unknown: { status: 'unknown', ...MISSING, evidence: [] },
  budget: { status: 'unknown', ...EXHAUSTED, evidence: [] },
} as const satisfies Record<string, RevocationStatus>;
export type StatusName = keyof typeof STATUSES;

/** A certificate with a proven path. */
export const { certificate: PROVEN } = endEntity(root);

/** A policy that asks about revocation, and what was found out for it about `PROVEN`. */
export function revocationEvaluation(status: StatusName, revocationCheck: string) {
  const policy = policyOf({ trustAnchors: 'set', revocationCheck });
  return {
    policy,
    searchedPath: searchPath(PROVEN, policy, set, NOW),
    revocation: [{ certificate: PROVEN, status: STATUSES[status], failed: [] }],
  };
}
