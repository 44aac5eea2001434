import type { Name } from '../name/name.js';
import type { AlternativeName } from './alternative-name.js';
import type { BasicConstraints } from './extensions/basic-constraints.js';
import type { FindingCode } from './finding-codes.js';

/**
 * A part of a certificate that does not conform to RFC 5280. A finding alone does not refuse the certificate; the
 * policy evaluates it (2.9).
 */
export interface Finding {
  readonly code: FindingCode;
  /** The field or extension, with its name in RFC 5280: `subject`, `validity`, `subjectAltName`… */
  readonly part: string;
  /** One fixed sentence, never with bytes or text from the certificate. */
  readonly detail: string;
  /** `RFC 5280 section 4.1.2.2`. */
  readonly section: string;
}

/** RFC 5280 section 4.2.1.3, in the order of their bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** The properties that the policy parameter `keyTypes` compares. */
export interface PublicKeyInfo {
  /** `RSA`, `EC`, `Ed25519`, `Ed448`, `RSA-PSS`, `DSA`, `ML-DSA-44`…, or the dotted OID if it has no known name. */
  readonly type: string;
  /** Modulus length in bits for RSA, RSA-PSS and DSA; field size for EC. */
  readonly bits: number | undefined;
  /** `P-256`, `P-384`, `P-521`, `secp256k1`…, or the dotted OID; EC only. */
  readonly curve: string | undefined;
}

/** The key identifier, or the certificate, of the issuer (RFC 5280 section 4.2.1.1). */
export interface IssuerKey {
  readonly keyIdentifier: Buffer | undefined;
  /** The readable names, in display form. */
  readonly issuer: readonly AlternativeName[] | undefined;
  /** As `Certificate.serial`. */
  readonly serial: string | undefined;
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
  /** Digest of the subjectPublicKeyInfo. */
  readonly publicKeySha256: Buffer;
  /** Undefined if the extension is absent or cannot be read. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  /** Dotted OIDs. Undefined if the extension is absent or cannot be read. */
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  /** True if there is a subjectAltName with at least one readable name. */
  readonly hasSubjectAlternativeName: boolean;
  /** The readable names of subjectAltName, in order. */
  readonly subjectAlternativeNames: readonly AlternativeName[];
  /** Undefined if the extension is absent or cannot be read. The same holds for the next two. */
  readonly authorityKeyIdentifier: IssuerKey | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  /** Dotted OIDs, in order. */
  readonly certificatePolicies: readonly string[] | undefined;
  /**
   * The addresses of CRLs (full names that are URIs), of OCSP responders and of the issuer's certificate, in order and
   * in display form. A URI has none of the characters that this form escapes (RFC 3986 section 2), so an escaped text
   * is no address.
   */
  readonly crlAddresses: readonly string[];
  readonly ocspAddresses: readonly string[];
  readonly caIssuersAddresses: readonly string[];
  readonly findings: readonly Finding[];
}
