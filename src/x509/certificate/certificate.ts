import type { Name } from '../name/name.js';

/** A part of a certificate that does not follow RFC 5280. It refuses nothing by itself: the policy evaluates it (2.9). */
export interface Finding {
  /** The field or extension, in RFC 5280's spelling: `subject`, `validity`, `subjectAltName`… */
  readonly part: string;
  /** One sentence, of our own words only: never bytes or text out of the certificate. */
  readonly detail: string;
}

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** What `keyTypes` of a policy compares. */
export interface PublicKeyInfo {
  /** `RSA`, `EC`, `Ed25519`, `Ed448`, `RSA-PSS`, `DSA`, `ML-DSA-44`…, or the dotted OID where it has no name here. */
  readonly type: string;
  /** Modulus length in bits for RSA, RSA-PSS and DSA; field size for EC. */
  readonly bits: number | undefined;
  /** `P-256`, `P-384`, `P-521`, `secp256k1`…, or the dotted OID; EC only. */
  readonly curve: string | undefined;
}

/**
 * An accepted X.509 certificate. Every field comes from the DER, none from a display string. The members that only a
 * policy asks for are read when they are first asked for.
 */
export interface Certificate {
  readonly der: Buffer;
  readonly sha256: Buffer;
  readonly sha1: Buffer;
  /** Absent where the name is empty or cannot be decoded; that is a finding then (for the subject: only the latter). */
  readonly subject: Name | undefined;
  readonly issuer: Name | undefined;
  /** Upper-case hex, no colons, a negative one with a leading `-`, as `openssl x509 -serial` prints it. */
  readonly serial: string;
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** OpenSSL's long name (`sha256WithRSAEncryption`, `ecdsa-with-SHA256`, `ED25519`), or the dotted OID. */
  readonly signatureAlgorithm: string;
  readonly publicKey: PublicKeyInfo;
  /** Undefined: the extension is absent or cannot be read. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  /** Dotted OIDs. Undefined: the extension is absent or cannot be read. */
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  /** True where a subjectAltName with at least one readable name is there. */
  readonly hasSubjectAlternativeName: boolean;
  readonly findings: readonly Finding[];
}
