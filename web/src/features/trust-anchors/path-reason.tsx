import { useLingui } from '@lingui/react/macro';

import type { CrlUnusedReason, PathReason } from '../../api/generated/types.gen.js';

/** Why a certificate or a CRL of a set is of no use, in words. */
export function ReasonText({ reason }: { readonly reason: PathReason | CrlUnusedReason }) {
  const { t } = useLingui();
  const texts: Partial<Record<PathReason | CrlUnusedReason, string>> = {
    malformed: t`It cannot be read.`,
    unknownCriticalExtension: t`It has a critical extension that is not processed.`,
    notYetValid: t`It is not valid yet.`,
    expired: t`It has expired.`,
    weakAlgorithm: t`Its key or its signature is too weak.`,
    notCa: t`It is not a CA certificate.`,
    keyUsage: t`Its key usage lacks keyCertSign.`,
    unusable: t`It cannot be used.`,
    noNextUpdate: t`It does not say when the next one is issued.`,
    issuerNotFound: t`Its issuer is not in the set.`,
  };
  return texts[reason] ?? reason;
}
