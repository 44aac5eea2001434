import { isActive } from '../../common/active-user.js';
import { type CredentialState, effectiveState, lockAt, stateAt } from '../../credentials/credential-state.rules.js';
import { allowsLogins, isWithinValidity } from '../../credentials/login.rules.js';
import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { evaluatePolicy, type TrustEvaluation, violationsOf } from '../policy-evaluation.rules.js';
import { REVOCATION_RULE } from '../revocation-check.rules.js';
import type { RuleOutcome } from '../rule-outcome.js';
import { TRUST_RULE } from '../trust-anchors.rules.js';

export const LOGIN_OUTCOMES = ['ok', 'locked', 'disabled', 'failed'] as const;
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number];

/** A stored credential, as a login with it depends on it. */
export interface LoginInput extends TrustEvaluation {
  readonly certificate: Certificate;
  readonly credential: CredentialState & { readonly validFrom: Date | null; readonly validTo: Date | null };
  readonly owner: CredentialOwner;
  readonly policy: CertificatePolicy;
  readonly now: Date;
}

export interface DecidedLogin {
  readonly outcome: LoginOutcome;
  /** What decided: the first condition or rule, in the order of contract 15.2, that is not met. */
  readonly cause: string | undefined;
  /** Whether the refusal counts as a failed login (contract 15.3). */
  readonly counts: boolean;
  readonly rules: readonly RuleOutcome[];
  /** What would make it pass, each sentence once. */
  readonly remedies: readonly string[];
}

interface Condition extends Pick<DecidedLogin, 'cause' | 'counts' | 'outcome'> {
  readonly isMet: boolean;
  readonly remedy: string;
}

/** The decision on a certificate that no credential of the client has. */
export const UNKNOWN_CERTIFICATE: DecidedLogin = {
  outcome: 'failed',
  cause: 'unknown',
  counts: false,
  rules: [],
  remedies: ['Register the certificate: one that is not registered cannot log in.'],
};

/** Decides on a login, and what an explanation says about one (contract 14.2, 15.2). */
export function decideLogin(input: LoginInput): DecidedLogin {
  const { certificate, owner, policy, now } = input;
  const rules = evaluatePolicy(policy, certificate, owner, now, input);
  const unmet = conditionsOf(input).filter(({ isMet }) => !isMet);
  const remedies = [...rules, ...unmet].flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy]));
  const decisive = unmet[0] ?? violationOf(rules, input);
  const { outcome, cause, counts } = decisive ?? { outcome: 'ok', cause: undefined, counts: false };
  return { outcome, cause, counts, rules, remedies: [...new Set(remedies)] };
}

/** What is asked before the rules of the policy. */
function conditionsOf({ certificate, credential, owner, now }: LoginInput): readonly Condition[] {
  const { stateName } = effectiveState(credential, now);
  const current = stateAt(credential, now);
  const isShownLocked = stateName === 'tmp-locked' || stateName === 'fail-locked';
  const { notBefore, notAfter } = certificate;
  return [
    {
      cause: 'lock',
      outcome: 'locked',
      counts: false,
      isMet: !isShownLocked,
      remedy: 'Unlock the credential.',
    },
    {
      cause: 'state',
      outcome: 'disabled',
      counts: false,
      // A lock that is not shown is in effect as well.
      isMet: allowsLogins(current.state) && (isShownLocked || lockAt(current, now) === null),
      remedy: stateRemedy(current),
    },
    {
      cause: 'user',
      outcome: 'disabled',
      counts: false,
      isMet: isActive(owner, now),
      remedy: 'Use the certificate of a user who is active.',
    },
    {
      cause: 'validity',
      outcome: 'failed',
      counts: true,
      isMet: isWithinValidity(credential, now),
      remedy: 'Renew the certificate: the validity of the credential does not include this time.',
    },
    {
      cause: 'validity',
      outcome: 'failed',
      counts: true,
      isMet: isWithinValidity({ validFrom: notBefore, validTo: notAfter }, now),
      remedy: 'Renew the certificate: its validity does not include this time.',
    },
  ];
}

function stateRemedy({ state, reason, replacedBy }: CredentialState): string {
  if (state === 'disabled' && reason === 'renewal' && replacedBy !== null) {
    return `Use the certificate of the credential ${replacedBy}, which has replaced it.`;
  }
  return `Activate the credential, which is ${state}.`;
}

/** The rules of the path and of revocation are the last ones. */
function violationOf(
  rules: readonly RuleOutcome[],
  trust: TrustEvaluation,
): Pick<DecidedLogin, 'cause' | 'counts' | 'outcome'> | undefined {
  const [violation] = violationsOf(rules);
  if (violation === undefined) return undefined;
  return { outcome: 'failed', cause: violation.rule, counts: isFailureOf(violation.rule, trust) };
}

/**
 * Whether the certificate itself fails the rule. What administrators, sources or bounds are the cause of never locks a
 * credential.
 */
function isFailureOf(rule: string, { searchedPath, revocation = [] }: TrustEvaluation): boolean {
  if (rule === TRUST_RULE) {
    const result = searchedPath?.result;
    return result?.proven === false && result.reason !== 'budget' && searchedPath?.isAnchorRejected !== true;
  }
  return rule !== REVOCATION_RULE || revocation.some(({ status }) => status.status === 'revoked');
}
