import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** The rules of a CertificatePolicy and of a PwdPolicy, by the name that the server has for them. */
export const RULE_NAMES: Readonly<Record<string, MessageDescriptor>> = {
  allowCertificateUpload: msg`Users may upload certificates`,
  certificateUploadAllowedIssuerCNList: msg`Allowed issuers`,
  certificateUploadCheckSubjectDNElements: msg`Elements of the subject`,
  keyTypes: msg`Type and size of the key`,
  signatureAlgorithms: msg`Signature algorithm`,
  maxValidityDays: msg`Length of the validity`,
  requireCurrentlyValid: msg`Currently valid`,
  wellFormed: msg`Well formed (RFC 5280)`,
  requiredKeyUsage: msg`Key usage`,
  requiredExtendedKeyUsage: msg`Extended key usage`,
  requireSubjectAlternativeName: msg`Subject alternative name`,
  trustAnchors: msg`Path to a trust anchor`,
  revocationCheck: msg`Not revoked`,
};
