export const REVOCATION_SOURCE_KINDS = ['ocsp', 'crl'] as const;

/** Where a certificate says that its status can be asked for. */
export interface RevocationSource {
  readonly kind: (typeof REVOCATION_SOURCE_KINDS)[number];
  /** An absolute http URL, as the certificate has it. */
  readonly url: string;
}
