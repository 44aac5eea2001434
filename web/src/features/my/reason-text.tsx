import { Plural, Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import type { Conflict, FailedRule } from './verdict.js';

/** A rule that a certificate does not meet, and what helps, for somebody who does not know certificates. */
export function RuleText({ rule: { rule, expected, found } }: { readonly rule: FailedRule }): ReactNode {
  switch (rule) {
    case 'requireCurrentlyValid':
      return hasEnded(found) ? (
        <Trans>It has expired. Get a new one from whoever issued it.</Trans>
      ) : (
        <Trans>It is not valid yet. Come back when it is.</Trans>
      );
    case 'maxValidityDays':
      return (
        <Plural
          value={firstNumber(expected)}
          one="It is valid for too long. Ask for one that is valid for # day at most."
          other="It is valid for too long. Ask for one that is valid for # days at most."
        />
      );
    case 'keyTypes':
      return (
        <Trans>
          Its key is too weak, or of a kind that your organization does not use. Ask for one with another key.
        </Trans>
      );
    case 'signatureAlgorithms':
      return (
        <Trans>It was signed in a way that your organization does not accept. Ask for one that is signed anew.</Trans>
      );
    case 'wellFormed':
      return <Trans>It contains mistakes. Ask whoever issued it for one without them.</Trans>;
    case 'requiredKeyUsage':
    case 'requiredExtendedKeyUsage':
      return <Trans>It does not say that it is for signing in. Ask for one that does.</Trans>;
    case 'requireSubjectAlternativeName':
      return <Trans>It names you in the old way only. Ask for one with a “subject alternative name”.</Trans>;
    case 'certificateUploadCheckSubjectDNElements':
      return <Trans>The name in it is not yours as it is known here. Check whether you chose the right file.</Trans>;
    case 'trustAnchors':
    case 'certificateUploadAllowedIssuerCNList':
      return <Trans>Your organization does not trust whoever issued it. Ask which issuer you should use.</Trans>;
    case 'revocationCheck':
      return / is revoked/.test(found) ? (
        <Trans>Whoever issued it has withdrawn it. Get a new one.</Trans>
      ) : (
        <Trans>It could not be found out whether it was withdrawn. Try again later.</Trans>
      );
    case 'allowCertificateUpload':
      return <Trans>In your organization, only administrators register certificates. Send yours to them.</Trans>;
    default:
      return <Trans>It does not meet a rule of your organization. Your administrator can tell you more.</Trans>;
  }
}

/** Why a certificate is refused although it may meet all rules. */
export function ConflictText({ conflict: { code } }: { readonly conflict: Conflict }): ReactNode {
  switch (code) {
    case 'errors.certificateExists':
      return <Trans>It is registered already, here or for somebody else. Choose a new one.</Trans>;
    case 'errors.policyViolation':
      return <Trans>You have as many certificates as you may have. Delete one that you no longer use.</Trans>;
    case 'errors.recordDeleted':
      return <Trans>This entry has been closed and can no longer be changed.</Trans>;
    case 'errors.stateTransitionDenied':
      return <Trans>Your certificate is locked or switched off. Only an administrator can change it now.</Trans>;
    case 'errors.invalidData':
      return <Trans>It cannot be read. Check whether you chose the right file, or get it again.</Trans>;
    default:
      return <Trans>It cannot be saved as it is. Your administrator can tell you more.</Trans>;
  }
}

function firstNumber(text: string): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0);
}

/** `valid from 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z` */
function hasEnded(found: string): boolean {
  const end = / to (\S+)$/.exec(found)?.[1];
  return end !== undefined && new Date(end).getTime() < Date.now();
}
