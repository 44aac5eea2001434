import type { KeyUsage } from '../x509/certificate/certificate.js';
import type { LoginLocking } from './login-locking.model.js';

export const UPLOAD_CHECKS = ['none', 'tolerant', 'strict'] as const;
type UploadCheck = (typeof UPLOAD_CHECKS)[number];

/** `soft`: an unknown status passes; `hard`: it does not (contract 13.1). */
export const REVOCATION_CHECKS = ['none', 'soft', 'hard'] as const;
export type RevocationMode = Exclude<(typeof REVOCATION_CHECKS)[number], 'none'>;

/** The user's fields that an element of a policy can refer to (contract 6.2). */
export const USER_VARIABLES = ['USER_NAME', 'USER_FIRSTNAME', 'USER_LOGINID', 'USER_EXTID', 'USER_EMAIL'] as const;
export type UserVariable = (typeof USER_VARIABLES)[number];

/**
 * An element that must occur in the subject DN: a field of the user, a text, or the whole value of an attribute type.
 */
export type SubjectDNElement =
  | { readonly kind: 'variable'; readonly variable: UserVariable }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'attribute';
      /** As written in the policy: `CN`. */
      readonly name: string;
      /** Dotted OID. */
      readonly type: string;
      readonly text: string;
    };

/** The weakest public key that one entry of `keyTypes` allows. */
export interface KeyTypeMinimum {
  /** Spelled as in `PublicKeyInfo`. */
  readonly type: string;
  /** Modulus length; undefined if the type has only one size. */
  readonly bits: number | undefined;
  /** The smallest allowed curve and every larger one of its family, smallest first. */
  readonly curves: readonly string[] | undefined;
}

export interface ExtendedKeyUsage {
  /** As written in the policy: `clientAuth`, or the OID itself. */
  readonly name: string;
  /** Dotted OID. */
  readonly oid: string;
}

/**
 * A parsed CertificatePolicy; members are named like the parameters of contract section 6. An empty list or an
 * undefined member means no requirement.
 */
export interface CertificatePolicy {
  readonly allowCertificateUpload: boolean;
  readonly certificateUploadAllowedIssuerCNList: readonly string[] | undefined;
  readonly certificateUploadCheck: UploadCheck;
  readonly certificateUploadCheckSubjectDNElements: readonly SubjectDNElement[];
  readonly keyTypes: readonly KeyTypeMinimum[];
  /** OpenSSL's long names. */
  readonly signatureAlgorithms: readonly string[];
  readonly maxValidityDays: number | undefined;
  readonly requireCurrentlyValid: boolean;
  readonly wellFormed: boolean;
  readonly requiredKeyUsage: readonly KeyUsage[];
  readonly requiredExtendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly requireSubjectAlternativeName: boolean;
  /** The extId of a trust-anchor set of the client. */
  readonly trustAnchors: string | undefined;
  /** Never without `trustAnchors`. */
  readonly revocationCheck: RevocationMode | 'none';
  readonly autoUpdate: boolean;
  /** Undefined means every issuer. */
  readonly issuerDNUpdateList: readonly string[] | undefined;
  /** How long a credential works after a newer one has logged in; undefined means that newer ones do not end it. */
  readonly rolloverGraceDays: number | undefined;
  /** Milliseconds. */
  readonly credentialLifetime: number;
  readonly locking: LoginLocking;
}
