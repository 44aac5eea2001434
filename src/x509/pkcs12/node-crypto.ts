import type { KeyObject, X509Certificate } from 'node:crypto';

declare module 'node:crypto' {
  /** Node 26.10; its types do not know it yet. */
  export function parsePKCS12(
    file: Buffer,
    options: { readonly passphrase?: string | Buffer },
  ): {
    readonly privateKey: KeyObject | null;
    /** The first one whose public key belongs to the private key. */
    readonly certificate: X509Certificate | null;
    /** All others, in the order in which they stand. */
    readonly additionalCertificates: readonly X509Certificate[];
  };
}
