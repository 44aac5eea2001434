import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { PathReason, RevocationStatus } from '../../api/generated/types.gen.js';

/** What each reason of a rejected certificate means (docs/trust.md). */
export const PATH_REASONS: Readonly<Record<PathReason, MessageDescriptor>> = {
  malformed: msg`A part that decides about the path is missing, occurs twice, or cannot be read.`,
  expired: msg`Its validity has ended.`,
  notYetValid: msg`Its validity has not begun.`,
  unknownCriticalExtension: msg`It has a critical extension that path validation does not process.`,
  notCa: msg`It is the issuer of a certificate, but it is not a CA.`,
  keyUsage: msg`Its key usage lacks keyCertSign (a CA) or digitalSignature (the certificate itself).`,
  extendedKeyUsage: msg`It, or a CA above it, is limited to other purposes than the required one.`,
  weakAlgorithm: msg`Its key or signature is too weak or unknown.`,
  pathLength: msg`There are more intermediates below a CA than its path length allows.`,
  nameConstraints: msg`It has a name that a CA above it may not certify.`,
  badSignature: msg`It has the name of the issuer, but another key: this key did not make the signature of the certificate below it.`,
  policy: msg`A CA demands a certificate policy, and there is none that all certificates of the path have.`,
  profile: msg`It violates a MUST of RFC 5280 section 4.`,
  issuerNotFound: msg`The trust-anchor set has no certificate with the name of its issuer.`,
  revoked: msg`Its issuer has revoked it.`,
  revocationUnknown: msg`Nothing that counts says whether it is revoked.`,
  budget: msg`The search reached one of its bounds, so that no path is proven.`,
};

export const REVOCATION_STATUSES: Readonly<Record<RevocationStatus, MessageDescriptor>> = {
  good: msg`not revoked`,
  revoked: msg`revoked`,
  unknown: msg`unknown`,
};
