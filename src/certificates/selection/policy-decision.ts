import type { CertificateColumns, Refused } from '../certificate-decision.js';
import type { RuleOutcome } from '../rule-outcome.js';

/** A change after which the credential may have another policy; all columns of the next version. */
export interface PolicyChange {
  readonly kind: 'changed';
  readonly next: CertificateColumns;
  readonly changed: readonly string[];
  readonly outcomes: readonly RuleOutcome[];
}

export type PolicyDecision =
  | Refused
  | { readonly kind: 'unchanged'; readonly outcomes: readonly RuleOutcome[] }
  | PolicyChange;
