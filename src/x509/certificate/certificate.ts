import type { Name } from '../name/name.js';

/**
 * A part of a certificate that does not conform to RFC 5280. A finding alone does not refuse the certificate; the
 * policy evaluates it (2.9).
 */
export interface Finding {
  /** The field or extension, with its name in RFC 5280: `subject`, `validity`, `subjectAltName`… */
  readonly part: string;
  /** One fixed sentence, never with bytes or text from the certificate. */
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

/** The properties that the policy parameter `keyTypes` compares. */
export interface PublicKeyInfo {
  /** `RSA`, `EC`, `Ed25519`, `Ed448`, `RSA-PSS`, `DSA`, `ML-DSA-44`…, or the dotted OID if it has no known name. */
  readonly type: string;
  /** Modulus length in bits for RSA, RSA-PSS and DSA; field size for EC. */
  readonly bits: number | undefined;
  /** `P-256`, `P-384`, `P-521`, `secp256k1`…, or the dotted OID; EC only. */
  readonly curve: string | undefined;
}

/**
 * An accepted X.509 certificate. Every field is read from the DER, none from a display string. Members that only
 * policies need are decoded on first use.
 */
export interface Certificate {
  readonly der: Buffer;
  readonly sha256: Buffer;
  readonly sha1: Buffer;
  /**
   * Undefined if the name is empty or cannot be decoded, which is a finding (for the subject only if it cannot be
   * decoded).
   */
  readonly subject: Name | undefined;
  readonly issuer: Name | undefined;
  /** Upper-case hex without colons; a negative number has a leading `-`, as `openssl x509 -serial` prints it. */
  readonly serial: string;
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** OpenSSL's long name (`sha256WithRSAEncryption`, `ecdsa-with-SHA256`, `ED25519`), or the dotted OID. */
  readonly signatureAlgorithm: string;
  readonly publicKey: PublicKeyInfo;
  /** Undefined if the extension is absent or cannot be read. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  /** Dotted OIDs. Undefined if the extension is absent or cannot be read. */
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  /** True if there is a subjectAltName with at least one readable name. */
  readonly hasSubjectAlternativeName: boolean;
  readonly findings: readonly Finding[];
}
