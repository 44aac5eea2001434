import type { RevocationReason } from '../../x509/revocation/crl-entry.js';

/** What has decided on a status: a CRL or an OCSP response. */
export interface DecidingEvidence {
  readonly kind: 'CRL' | 'OCSP response';
  /** Of the DER, in lower-case hex. */
  readonly sha256: string;
  readonly thisUpdate: Date;
}

/** The status of one certificate of a path, as one thread sends it to another. */
export interface CertificateStatus {
  /** Of the DER, in lower-case hex. */
  readonly sha256: string;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Of a revoked certificate. */
  readonly reason?: RevocationReason | undefined;
  readonly revocationDate?: Date | undefined;
  /** Undefined: unknown. Of several, the one that decides how new the answer is. */
  readonly evidence?: DecidingEvidence | undefined;
}

/**
 * What the search for a path, with revocation, has found about one certificate. `unproven`: without a path, nobody is
 * asked. `undecided`: the search ended at a bound.
 */
export type PathStatus =
  | { readonly kind: 'unproven' | 'undecided' }
  /** From the certificate itself upwards, without the anchor. */
  | { readonly kind: 'accepted' | 'revoked'; readonly certificates: readonly CertificateStatus[] };
