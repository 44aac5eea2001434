/** A client certificate that a connection or a proxy presents, in DER and not parsed yet. */
export interface PresentedCertificate {
  readonly certificate: Buffer;
  /** The other certificates that the client has sent, in the order in which they were sent. */
  readonly chain: readonly Buffer[];
}

/** `none`: the proxy says that the client has no certificate. `message`: one fixed sentence, safe for the caller. */
export type HeaderReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly message: string }
  | ({ readonly kind: 'presented' } & PresentedCertificate);

/** RFC 5280 paths of more certificates are not searched (contract 12.2). */
const MAX_CHAIN = 8;

export const NONE: HeaderReading = { kind: 'none' };

export function malformed(message: string): HeaderReading {
  return { kind: 'malformed', message };
}

export function presented(certificate: Buffer, chain: readonly Buffer[] = []): HeaderReading {
  if (chain.length > MAX_CHAIN) {
    return malformed(`More than ${MAX_CHAIN} other certificates were sent with the certificate.`);
  }
  return { kind: 'presented', certificate, chain };
}
