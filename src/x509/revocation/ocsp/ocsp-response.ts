import type { DerCertificate } from '../../certificate/der-certificate.js';
import type { SignedData } from '../../path/signed-data.js';
import type { RevocationReason } from '../crl-entry.js';

/** RFC 6960 section 4.1.1: names a certificate by its issuer and serial number. */
export interface OcspCertId {
  /** Dotted OID. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  /** Two's complement octets. */
  readonly serialNumber: Buffer;
}

/** RFC 6960 section 4.2.1, `SingleResponse`. */
export interface SingleResponse {
  readonly certId: OcspCertId;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Of a revoked certificate. */
  readonly reason: RevocationReason | undefined;
  readonly revocationDate: Date | undefined;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly hasUnknownCriticalExtension: boolean;
}

export type ResponderId =
  /** A comparable name. */
  | { readonly kind: 'byName'; readonly name: string }
  /** SHA-1 of the public key, without the algorithm. */
  | { readonly kind: 'byKey'; readonly keyHash: Buffer };

/** A successful `BasicOCSPResponse` (RFC 6960 section 4.2.1), whose signature has not been checked. */
export interface OcspResponse extends SignedData {
  readonly responderId: ResponderId;
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly hasUnknownCriticalExtension: boolean;
  /** What the responder has sent to prove its key. */
  readonly certificates: readonly DerCertificate[];
}
