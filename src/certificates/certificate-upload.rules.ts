import type { ErrorDetail } from '../common/errors.js';
import type { CredentialOwner } from '../credentials/credential-owner.rules.js';
import type { StateName, StateSetBy } from '../credentials/credential-state.rules.js';
import { isLock, personOf, type CallerMode } from '../credentials/state-change.rules.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { fromUnlistedIssuer, judge, violationsOf } from './policy-judgement.rules.js';
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

export function judgeUpload(certificate: Certificate, { mode, policy, owner, now }: UploadCircumstances): Upload {
  const permission = judgePermission(mode, policy);
  const judgement = judge(policy, certificate, owner, now);
  const violations = violationsOf(judgement);
  const strict = policy.certificateUploadCheck === 'strict';
  const refusing = [...permission.filter(({ passed }) => !passed), ...(strict ? violations : [])];
  return {
    outcomes: [...permission, ...judgement],
    refusals: refusing.map(violationError),
    disabling: [...fromUnlistedIssuer(judgement), ...(strict ? [] : violations)],
  };
}

/** Only a self-admin is asked whether users may upload (contract 6). */
function judgePermission(mode: CallerMode, { allowCertificateUpload }: CertificatePolicy): readonly RuleOutcome[] {
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

/** The state of a certificate that is stored all the same (contract 6.4). */
export function disabledByPolicy(stateSetBy: StateSetBy, disabling: readonly RuleOutcome[]) {
  return {
    state: 'disabled',
    stateSetBy,
    reason: 'policy-check-failed',
    detail: violationsDetail(disabling),
  } as const;
}

/**
 * Who is named as the setter of a state that the policy's finding replaces. A state in which nobody can use it is
 * remembered: a later certificate that passes the policy gives back that one, and none that is usable.
 */
export function setterBeneathPolicy(mode: CallerMode, asked: StateName): StateSetBy {
  if (isLock(asked)) return 'policyOverLock';
  if (asked === 'reset-code') return 'policyOverResetCode';
  return asked === 'disabled' || asked === 'archived' ? personOf(mode) : 'policy';
}

/**
 * The validity that is stored with a certificate (contract 2.8): its own, bounded by the policy's lifetime from now on.
 * Compared as numbers, because a lifetime may lead beyond the last date that there is.
 */
export function validityOf({ notBefore, notAfter }: Certificate, { credentialLifetime }: CertificatePolicy, now: Date) {
  const end = Math.min(notAfter.getTime(), now.getTime() + credentialLifetime);
  return { validFrom: notBefore, validTo: new Date(end) };
}
