import type { ErrorDetail } from '../common/errors.js';
import type { CredentialOwner } from '../credentials/credential-owner.rules.js';
import type { StateName } from '../credentials/credential-state.rules.js';
import { isLock, personOf, type CallerMode } from '../credentials/state-change.rules.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { fromUnlistedIssuer, evaluatePolicy, violationsOf } from './policy-evaluation.rules.js';
import { ruleOutcome, violationError, violationsDetail, type RuleOutcome } from './rule-outcome.js';

/** Who decides what about a certificate that is sent, and by what. */
export interface UploadCircumstances {
  readonly mode: CallerMode;
  readonly policy: CertificatePolicy;
  readonly owner: CredentialOwner;
  readonly now: Date;
}

/** What the policy has to say about a certificate that is sent: tolerant and strict as data. */
export interface Upload {
  readonly outcomes: readonly RuleOutcome[];
  /** Why it is not stored at all. */
  readonly refusals: readonly ErrorDetail[];
  /** Why it is stored, but disabled. */
  readonly disabling: readonly RuleOutcome[];
}

export const NO_UPLOAD: Upload = { outcomes: [], refusals: [], disabling: [] };

export function evaluateUpload(certificate: Certificate, { mode, policy, owner, now }: UploadCircumstances): Upload {
  const permission = evaluatePermission(mode, policy);
  const evaluated = evaluatePolicy(policy, certificate, owner, now);
  const violations = violationsOf(evaluated);
  const strict = policy.certificateUploadCheck === 'strict';
  const refusing = [...permission.filter(({ passed }) => !passed), ...(strict ? violations : [])];
  return {
    outcomes: [...permission, ...evaluated],
    refusals: refusing.map(violationError),
    disabling: [...fromUnlistedIssuer(evaluated), ...(strict ? [] : violations)],
  };
}

/** Only a self-admin is asked whether users may upload (contract 6). */
function evaluatePermission(mode: CallerMode, { allowCertificateUpload }: CertificatePolicy): readonly RuleOutcome[] {
  if (mode !== 'selfAdmin') return [];
  return [
    ruleOutcome('allowCertificateUpload', {
      passed: allowCertificateUpload,
      expected: 'a policy that lets users register their own certificates',
      found: allowCertificateUpload ? 'it does' : 'it does not',
      remedy: 'Ask an administrator to register the certificate.',
    }),
  ];
}

/** Beside the locks. */
const UNUSABLE: ReadonlySet<StateName> = new Set(['reset-code', 'disabled', 'archived']);

/**
 * The state of a certificate that is stored all the same (contract 6.4). Whoever asked for a state in which it cannot be
 * used is named as the setter: a later certificate that passes the policy does not enable it.
 */
export function disabledByPolicy(mode: CallerMode, asked: StateName | undefined, disabling: readonly RuleOutcome[]) {
  const askedOff = asked !== undefined && (isLock(asked) || UNUSABLE.has(asked));
  return {
    state: 'disabled',
    stateSetBy: askedOff ? personOf(mode) : 'policy',
    reason: 'policy-check-failed',
    detail: violationsDetail(disabling),
  } as const;
}

/**
 * The validity that is stored with a certificate (contract 2.8): its own, bounded by the policy's lifetime from now on.
 * Compared as numbers, because a lifetime may lead beyond the last date that there is.
 */
export function validityOf({ notBefore, notAfter }: Certificate, { credentialLifetime }: CertificatePolicy, now: Date) {
  const end = Math.min(notAfter.getTime(), now.getTime() + credentialLifetime);
  return { validFrom: notBefore, validTo: new Date(end) };
}
