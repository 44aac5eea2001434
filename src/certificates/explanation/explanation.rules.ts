import type { ErrorCode, ErrorDetail } from '../../common/errors.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import { type CreationInput, decideCreate } from '../certificate-creation.rules.js';
import type { DecidedLogin } from '../logins/login-decision.rules.js';
import { REVOCATION_RULE } from '../revocation-check.rules.js';
import type { CertificateEvidence } from '../revocation-evidence.js';
import type { RuleOutcome } from '../rule-outcome.js';

export const PURPOSES = ['upload', 'login'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The first three are those of an upload, the others those of a login (contract 14.1, 15.2). */
export const VERDICTS = ['accepted', 'disabled', 'refused', 'ok', 'locked', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A reason for a refusal that is no rule of the policy. */
type Conflict = Pick<ErrorDetail, 'code' | 'message'>;

export interface Explained {
  readonly verdict: Verdict;
  readonly rules: readonly RuleOutcome[];
  readonly conflicts: readonly Conflict[];
  readonly remedies: readonly string[];
}

const REMEDIES: Partial<Readonly<Record<ErrorCode, string>>> = {
  'errors.certificateExists': 'It is registered already. Only another certificate can be registered.',
  'errors.recordDeleted': 'Register it for a user who is not archived.',
  'errors.policyViolation': 'Delete a certificate of the user that is no longer used.',
};

/**
 * What an upload of the certificate would result in: the decision of the upload itself. `taken`: unique values that it
 * would collide with.
 */
export function explainUpload(input: CreationInput, taken: readonly ErrorDetail[]): Explained {
  const decision = decideCreate(input);
  const refusals = decision.kind === 'refused' ? decision.errors : [];
  const conflicts = [...refusals.filter(({ rule }) => rule === undefined), ...taken].map(({ code, message }) => ({
    code,
    message,
  }));
  const { outcomes: rules } = decision;
  const remedies = remediesOf(
    rules,
    conflicts.map(({ code }) => REMEDIES[code]),
  );
  if (decision.kind === 'refused' || taken.length > 0) return { verdict: 'refused', rules, conflicts, remedies };
  const verdict = decision.changes.state === 'disabled' ? 'disabled' : 'accepted';
  return { verdict, rules, conflicts, remedies };
}

/** What an explanation says about a decision on a login, which it does not count. */
export function explainedLogin({ outcome, rules, remedies }: DecidedLogin): Explained {
  return { verdict: outcome, rules, conflicts: [], remedies };
}

/** What was found out about revocation (contract 14.1). */
export interface ExplainedRevocation {
  readonly checked: boolean;
  /** Undefined if it was not checked. */
  readonly passed: boolean | undefined;
  readonly detail: string;
  readonly evidence: readonly CertificateEvidence[];
}

/** `policy`: undefined if there is no credential whose policy could ask. */
export function explainRevocation(
  policy: Pick<CertificatePolicy, 'revocationCheck'> | undefined,
  rules: readonly RuleOutcome[],
): ExplainedRevocation {
  const outcome = rules.find(({ rule }) => rule === REVOCATION_RULE);
  if (outcome !== undefined) {
    const { passed, found, evidence = [] } = outcome;
    return { checked: true, passed, detail: `Found: ${found}.`, evidence };
  }
  const detail =
    policy === undefined
      ? 'Revocation was not checked, because the certificate is not registered.'
      : policy.revocationCheck === 'none'
        ? 'Revocation was not checked: the policy has no revocationCheck.'
        : 'Revocation was not checked, because no path to an anchor is proven.';
  return { checked: false, passed: undefined, detail, evidence: [] };
}

/** Each sentence once. */
function remediesOf(rules: readonly RuleOutcome[], others: readonly (string | undefined)[]): readonly string[] {
  const sentences = [...rules.map(({ remedy }) => remedy), ...others];
  return [...new Set(sentences.filter((sentence) => sentence !== undefined))];
}
