import type { RevocationReason } from './crl-entry.js';
import type { Crl } from './crl.js';
import type { OcspResponse, SingleResponse } from './ocsp/ocsp-response.js';
import type { UnknownCause } from './unknown-cause.js';

/** One of those that say so. */
export type StatusEvidence =
  /** A complete or a delta CRL. */
  | { readonly kind: 'crl'; readonly crl: Crl }
  | { readonly kind: 'ocsp'; readonly response: OcspResponse; readonly answer: SingleResponse };

interface Evidence {
  readonly evidence: readonly StatusEvidence[];
}

export type Revoked = {
  readonly status: 'revoked';
  readonly reason: RevocationReason;
  readonly revocationDate: Date | undefined;
} & Evidence;

export const REVOCATION_STATUSES = ['good', 'revoked', 'unknown'] as const;

/** RFC 5280 section 6.3.2; `unknown` is its UNDETERMINED. */
export type RevocationStatus =
  | ({ readonly status: 'good' } & Evidence)
  | Revoked
  | ({ readonly status: 'unknown' } & UnknownCause & Evidence);
