import { useLingui } from '@lingui/react/macro';

/** Rules of a CertificatePolicy by their parameter. */
export function useRuleNames(): Readonly<Record<string, string>> {
  const { t } = useLingui();
  return {
    allowCertificateUpload: t`Users may upload certificates`,
    certificateUploadAllowedIssuerCNList: t`Allowed issuers`,
    certificateUploadCheckSubjectDNElements: t`Elements of the subject`,
    keyTypes: t`Type and size of the key`,
    signatureAlgorithms: t`Signature algorithm`,
    maxValidityDays: t`Length of the validity`,
    requireCurrentlyValid: t`Currently valid`,
    wellFormed: t`Well formed (RFC 5280)`,
    requiredKeyUsage: t`Key usage`,
    requiredExtendedKeyUsage: t`Extended key usage`,
    requireSubjectAlternativeName: t`Subject alternative name`,
    trustAnchors: t`Path to a trust anchor`,
    revocationCheck: t`Not revoked`,
  };
}
