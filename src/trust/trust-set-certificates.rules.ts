import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { basicConstraints } from '../x509/certificate/extensions/basic-constraints.js';
import type { ExtensionDefinition } from '../x509/certificate/extensions/extension.js';
import { keyUsage } from '../x509/certificate/extensions/key-usage.js';

export const UNUSABLE_REASONS = ['malformed', 'notCa', 'keyUsage', 'notYetValid', 'expired'] as const;
export type UnusableReason = (typeof UNUSABLE_REASONS)[number];

/**
 * Why no path can use this certificate as an anchor or an intermediate certificate, as far as the certificate alone shows
 * (contract 11.2). An anchor may be signed by another authority. A v1 certificate has no extensions, so nothing says that
 * it is a CA (RFC 5280 section 6.1.4 k).
 */
export function unusableReason(certificate: DerCertificate, now: Date): UnusableReason | undefined {
  const { subject, notBefore, notAfter } = certificate;
  // A CA has a name (RFC 5280 section 4.1.2.6), by which the next certificate of a path names it.
  if (subject === undefined) return 'malformed';
  if (isUnreadable(certificate, basicConstraints) || isUnreadable(certificate, keyUsage)) return 'malformed';
  if (certificate.extension(basicConstraints)?.cA !== true) return 'notCa';
  if (certificate.keyUsage?.has('keyCertSign') === false) return 'keyUsage';
  // Both ends are part of the validity (RFC 5280 section 4.1.2.5).
  if (now < notBefore) return 'notYetValid';
  return now > notAfter ? 'expired' : undefined;
}

/** Whether the extension is there, but its value cannot be trusted: it is malformed, or occurs more than once. */
function isUnreadable(certificate: DerCertificate, definition: ExtensionDefinition<unknown>): boolean {
  const isThere = certificate.structure.extensions?.some(({ oid }) => oid === definition.oid) ?? false;
  return isThere && certificate.extension(definition) === undefined;
}
