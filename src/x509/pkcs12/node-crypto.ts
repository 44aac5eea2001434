import type { KeyObject, X509Certificate } from 'node:crypto';

declare module 'node:crypto' {
  /** Added in Node 26.10, but missing from its type definitions. */
  export function parsePKCS12(
    file: Buffer,
    options: { readonly passphrase?: string | Buffer },
  ): {
    readonly privateKey: KeyObject | null;
    /** The first one whose public key belongs to the private key. */
    readonly certificate: X509Certificate | null;
    /** All others, in the order of the file. */
    readonly additionalCertificates: readonly X509Certificate[];
  };
}
