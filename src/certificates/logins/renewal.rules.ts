import { type CredentialState, effectiveState } from '../../credentials/credential-state.rules.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { keyOfRdns } from '../../x509/name/compare-names.js';
import type { Name } from '../../x509/name/name.js';
import { parseName } from '../../x509/name/parse-name.js';
import { validityOf } from '../certificate-upload.rules.js';
import { unlistedIssuerOutcomes } from '../policy-evaluation.rules.js';
import { type DecidedLogin, UNKNOWN_CERTIFICATE } from './login-decision.rules.js';

/** A credential whose certificate a new one may replace. */
export interface RenewalCandidate {
  readonly credential: CredentialState;
  readonly certificate: Certificate;
  /** Whether another user of the client has a certificate with its names, in whatever state but `archived`. */
  readonly hasOtherUsers: boolean;
}

/** Of a certificate that no credential has; what prevents it from replacing a stored one is the remedy. */
export function notRenewing(remedy: string): DecidedLogin {
  return { ...UNKNOWN_CERTIFICATE, remedies: [...UNKNOWN_CERTIFICATE.remedies, remedy] };
}

const SEVERAL = 'Several active credentials have its issuer and subject, so that it renews none of them.';
const OTHER_USERS =
  'Another user has a credential with its issuer and subject as well, so that it renews none of them.';
const NOT_LATER = 'It does not renew the credential with its issuer and subject: use a certificate that begins later.';

/**
 * The only active credential whose certificate has the same issuer and the same subject and begins earlier; otherwise why
 * there is none (contract 15.5). A certificate without a subject names nobody. A credential that a newer one ends is renewed
 * by that one. Of several users with these names, one whose credential is locked or disabled could be the one who logs in.
 */
export function findRenewed<Candidate extends RenewalCandidate>(
  certificate: Certificate,
  candidates: readonly Candidate[],
  now: Date,
): Candidate | DecidedLogin {
  const named = candidates.filter(
    (candidate) => hasSameNames(candidate.certificate, certificate) && isCurrent(candidate.credential, now),
  );
  const [found, other] = named;
  if (found === undefined) return UNKNOWN_CERTIFICATE;
  if (other !== undefined) return notRenewing(SEVERAL);
  if (found.hasOtherUsers) return notRenewing(OTHER_USERS);
  return certificate.notBefore > found.certificate.notBefore ? found : notRenewing(NOT_LATER);
}

/** Whether both have a subject and an issuer, and the same ones by RFC 5280 section 7.1. */
function hasSameNames(one: Certificate, other: Certificate): boolean {
  const [subject, issuer] = [keyOf(one.subject), keyOf(one.issuer)];
  return (
    subject !== undefined && issuer !== undefined && subject === keyOf(other.subject) && issuer === keyOf(other.issuer)
  );
}

/** Undefined for an absent or empty name. */
function keyOf(name: Name | undefined): string | undefined {
  const rdns = name?.relativeDistinguishedNames ?? [];
  return rdns.length === 0 ? undefined : keyOfRdns(rdns);
}

function isCurrent(credential: CredentialState, now: Date): boolean {
  return effectiveState(credential, now).stateName === 'active' && credential.disabledOn === null;
}

/** What the policy of the credential says against a renewal; undefined if it allows it. */
export function renewalRemedy(policy: CertificatePolicy, { issuer }: Certificate): string | undefined {
  if (!policy.autoUpdate) return 'Its policy has autoUpdate=false, so that it renews no credential.';
  if (policy.trustAnchors === undefined) return 'Its policy has no trustAnchors, so that it renews no credential.';
  const listed = policy.issuerDNUpdateList?.map((text) => parseName(text));
  const key = keyOf(issuer);
  if (listed === undefined || listed.some((rdns) => rdns !== undefined && keyOfRdns(rdns) === key)) return undefined;
  return 'Its issuer is not in issuerDNUpdateList, so that it renews no credential.';
}

/** The credential with the new certificate. */
export function renewedState<Credential extends CredentialState>(
  credential: Credential,
  certificate: Certificate,
  policy: CertificatePolicy,
  now: Date,
) {
  const counters = { successes: 0, failures: 0, failuresSinceLock: 0 };
  return {
    ...credential,
    ...counters,
    ...validityOf(certificate, policy, now),
    reason: 'renewal' as const,
    detail: null,
  };
}

/** A refused renewal is an unknown certificate: `failed`, and never counted (contract 15.3). */
export function decidedRenewal(decided: DecidedLogin): DecidedLogin {
  const [unlisted] = unlistedIssuerOutcomes(decided.rules);
  if (decided.outcome === 'ok' && unlisted === undefined) return decided;
  const { cause = unlisted?.rule } = decided;
  return { ...decided, outcome: 'failed', cause, counts: false };
}
