import type { DerCertificate } from '../x509/certificate/der-certificate.js';

/** One version of a trust-anchor set of a client. When an extId is used again, a new generation begins. */
export interface TrustSetKey {
  readonly clientExtId: string;
  readonly extId: string;
  readonly generation: string;
  readonly version: number;
}

/** The parsed certificates of one version of a set; the same object as long as it is cached. */
export interface TrustSet extends TrustSetKey {
  readonly name: string;
  readonly anchors: readonly DerCertificate[];
  readonly intermediates: readonly DerCertificate[];
}

/** What a set holds a certificate for. */
export const CERTIFICATE_ROLES = ['anchor', 'intermediate'] as const;

/** The two members that hold certificates. */
export const CERTIFICATE_MEMBERS = ['anchors', 'intermediates'] as const;
