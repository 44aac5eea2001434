import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** The parameters of a CertificatePolicy and of a PwdPolicy; a rule has the name of the parameter that sets it. */
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
  certificateUploadCheck: msg`What happens if a rule is broken`,
  autoUpdate: msg`Renewal by logging in`,
  issuerDNUpdateList: msg`Issuers of renewals`,
  rolloverGraceDays: msg`Days until the older one ends`,
  credentialLifetime: msg`Lifetime of a credential`,
  maxCredFailureCount: msg`Failed logins until the lock`,
  tmpLockingThreshold: msg`Failed logins until a temporary lock`,
  tmpLockingDuration: msg`Length of a temporary lock`,
  tmpLockingMode: msg`After a temporary lock`,
  auditCredentialValue: msg`Value in the audit log`,
  validityDateCalculationVersion: msg`Calculation of the validity`,
  minLength: msg`Length of a password`,
  allowLoginIdInPassword: msg`Login ID in a password`,
};
