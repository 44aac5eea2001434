import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';
import type { PathStatus } from './certificate-status.model.js';
import type { PolicyOutcome } from './policy-outcome.model.js';

/** A CRL or an OCSP response, by its octets. */
export interface EvidenceKey {
  readonly kind: RevocationSource['kind'];
  /** Of the DER, in lower-case hex. */
  readonly sha256: string;
}

interface SetMessage {
  readonly kind: 'set';
  readonly set: string;
  readonly anchors: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
}

interface EvidenceMessage {
  readonly kind: 'evidence';
  readonly key: EvidenceKey;
  readonly der: Uint8Array;
}

/** What every question needs. */
interface Question {
  readonly evidence: readonly EvidenceKey[];
  readonly time: Date;
}

/** The path and the statuses of certificates. */
export interface PathQuestion extends Question {
  readonly kind: 'paths';
  /** One version of a trust-anchor set of a client. */
  readonly set: string;
  readonly certificates: readonly EvaluatedOctets[];
}

/** What each of several policies makes of certificates. */
export interface PolicyQuestion extends Question {
  readonly kind: 'policies';
  readonly policies: readonly EvaluatedPolicy[];
  readonly certificates: readonly OwnedOctets[];
}

interface EvaluatedPolicy {
  readonly policy: CertificatePolicy;
  /** Undefined if it names none, or it cannot be read. */
  readonly set: { readonly key: string; readonly name: string } | undefined;
}

export interface OwnedOctets {
  readonly der: Uint8Array;
  readonly owner: CredentialOwner;
}

export interface EvaluatedOctets {
  readonly der: Uint8Array;
  /** Dotted OIDs of `requiredExtendedKeyUsage`; undefined: clientAuth. */
  readonly purposes: readonly string[] | undefined;
}

export type MessageToEvaluation = SetMessage | EvidenceMessage | PathQuestion | PolicyQuestion;

/** Where a certificate of a proven path says that its status can be asked for. */
export interface NamedSources {
  /** SHA-256 in lower-case hex. */
  readonly certificate: string;
  /** Of the next certificate of its path. */
  readonly issuer: string;
  readonly sources: readonly RevocationSource[];
  /** Its status is unknown. */
  readonly isOpen: boolean;
}

export interface EvaluatedCertificate {
  readonly path: PathStatus;
  /** Of the certificates of the path that name any. */
  readonly named: readonly NamedSources[];
}

export interface PolicyOutcomes {
  /** One for each policy. */
  readonly outcomes: readonly PolicyOutcome[];
  /** Whom the certificates of the paths name, if a policy asks about revocation. */
  readonly named: readonly NamedSources[];
}

/** `missing`: the thread does not have these, or no longer; they are sent and the question is repeated. */
export type EvaluationAnswer =
  | { readonly kind: 'missing'; readonly sets: readonly string[]; readonly evidence: readonly EvidenceKey[] }
  /** In the order of the question. */
  | { readonly kind: 'paths'; readonly certificates: readonly EvaluatedCertificate[] }
  /** Likewise; undefined for a certificate that cannot be read. */
  | { readonly kind: 'policies'; readonly certificates: readonly (PolicyOutcomes | undefined)[] };
