import type { ErrorDetail } from '../common/errors.js';
import type { StateName, StateSetBy } from '../credentials/credential-state.rules.js';
import { allowsLogins } from '../credentials/login.rules.js';
import { isLock, personOf, type CallerMode } from '../credentials/state-change.rules.js';
import type { CredentialOwner } from '../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import {
  evaluatePolicy,
  type TrustEvaluation,
  unlistedIssuerOutcomes,
  violationsOf,
} from './policy-evaluation.rules.js';
import { evaluateRevocation } from './revocation-check.rules.js';
import { ruleOutcome, violationError, violationsDetail, type RuleOutcome } from './rule-outcome.js';

/** Everything apart from the certificate that the evaluation of an upload depends on. */
export interface UploadContext extends TrustEvaluation {
  readonly mode: CallerMode;
  readonly policy: CertificatePolicy;
  readonly owner: CredentialOwner;
  readonly now: Date;
}

/** The result of evaluating a new certificate. Tolerant and strict are expressed as data. */
export interface Upload {
  readonly outcomes: readonly RuleOutcome[];
  /** The reasons for not storing it. */
  readonly refusals: readonly ErrorDetail[];
  /** The reasons for storing it as disabled. */
  readonly disabling: readonly RuleOutcome[];
}

const NOTHING: Upload = { outcomes: [], refusals: [], disabling: [] };

/**
 * The result of asking whether the stored certificate of a credential is revoked, before the credential may log in again
 * (contract 13.4). Only evidence that it is refuses; a status that is unknown does not.
 */
export function evaluateEnabling(stateName: StateName | undefined, context: UploadContext): Upload {
  const { policy, searchedPath, revocation, fingerprints } = context;
  if (stateName === undefined || !allowsLogins(stateName) || policy.revocationCheck === 'none') return NOTHING;
  const outcomes = evaluateRevocation({ revocationCheck: 'soft' }, searchedPath, revocation, fingerprints);
  const refusing = outcomes.filter(({ passed }) => !passed);
  return {
    outcomes,
    refusals: refusing.map((outcome) => ({ ...violationError(outcome), field: 'stateName' })),
    disabling: [],
  };
}

export function evaluateUpload(certificate: Certificate, context: UploadContext): Upload {
  const { mode, policy, owner, now } = context;
  const permission = evaluatePermission(mode, policy);
  const evaluated = evaluatePolicy(policy, certificate, owner, now, context);
  const violations = violationsOf(evaluated);
  const strict = policy.certificateUploadCheck === 'strict';
  const refusing = [...permission.filter(({ passed }) => !passed), ...(strict ? violations : [])];
  return {
    outcomes: [...permission, ...evaluated],
    refusals: refusing.map(violationError),
    disabling: [...unlistedIssuerOutcomes(evaluated), ...(strict ? [] : violations)],
  };
}

/** Applies only in self-admin mode (contract 6). */
function evaluatePermission(mode: CallerMode, { allowCertificateUpload }: CertificatePolicy): readonly RuleOutcome[] {
  if (mode !== 'selfAdmin') return [];
  return [
    ruleOutcome('allowCertificateUpload', {
      passed: allowCertificateUpload,
      expected: 'a policy that allows users to register their own certificates',
      found: allowCertificateUpload ? 'it allows this' : 'it does not allow this',
      remedy: 'Ask an administrator to register the certificate.',
    }),
  ];
}

/** The state of a certificate that violates the policy but is stored (contract 6.4). */
export function disabledByPolicy(stateSetBy: StateSetBy, disabling: readonly RuleOutcome[]) {
  return {
    state: 'disabled',
    stateSetBy,
    reason: 'policy-check-failed',
    detail: violationsDetail(disabling),
  } as const;
}

/**
 * The setter of a state that is replaced because of a policy violation. If the previous state did not allow logins, it
 * is remembered, and a later certificate that passes the policy restores that state instead of a usable one.
 */
export function setterReplacedByPolicy(mode: CallerMode, asked: StateName): StateSetBy {
  if (isLock(asked)) return 'policyOverLock';
  if (asked === 'reset-code') return 'policyOverResetCode';
  return asked === 'disabled' || asked === 'archived' ? personOf(mode) : 'policy';
}

/**
 * The validity that is stored with a certificate (contract 2.8): that of the certificate, limited by the policy's
 * lifetime from now. Compared as numbers, because the lifetime may exceed the maximum date.
 */
export function validityOf({ notBefore, notAfter }: Certificate, { credentialLifetime }: CertificatePolicy, now: Date) {
  const end = Math.min(notAfter.getTime(), now.getTime() + credentialLifetime);
  return { validFrom: notBefore, validTo: new Date(end) };
}
