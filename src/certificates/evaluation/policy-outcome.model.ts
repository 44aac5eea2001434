import type { RuleOutcome } from '../rule-outcome.js';

/** What a policy makes of a certificate: `refused` it would not be stored, `disabled` it would. */
export const POLICY_VERDICTS = ['accepted', 'disabled', 'refused'] as const;
export type PolicyVerdict = (typeof POLICY_VERDICTS)[number];

export interface PolicyOutcome {
  readonly verdict: PolicyVerdict;
  /** The rules that did not pass. */
  readonly failed: readonly RuleOutcome[];
}
