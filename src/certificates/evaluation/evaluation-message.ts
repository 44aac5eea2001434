import type { RevocationSource } from '../../x509/revocation/revocation-source.js';
import type { PathStatus } from './certificate-status.model.js';

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

/** The only message with an answer. */
export interface EvaluationMessage {
  readonly kind: 'evaluate';
  /** One version of a trust-anchor set of a client. */
  readonly set: string;
  readonly evidence: readonly EvidenceKey[];
  readonly certificates: readonly EvaluatedOctets[];
  readonly time: Date;
}

export interface EvaluatedOctets {
  readonly der: Uint8Array;
  /** Dotted OIDs of `requiredExtendedKeyUsage`; undefined: clientAuth. */
  readonly purposes: readonly string[] | undefined;
}

export type MessageToEvaluation = SetMessage | EvidenceMessage | EvaluationMessage;

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

/** `missing`: the thread does not have these, or no longer; they are sent and the question is repeated. */
export type EvaluationAnswer =
  | { readonly kind: 'missing'; readonly set: boolean; readonly evidence: readonly EvidenceKey[] }
  /** In the order of the question. */
  | { readonly kind: 'evaluated'; readonly certificates: readonly EvaluatedCertificate[] };
