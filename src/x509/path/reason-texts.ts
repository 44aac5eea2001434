import type { PathReason } from './path-result.js';

interface ReasonText {
  /** One sentence that explains the code. */
  readonly meaning: string;
  /** What the owner of the certificate or an administrator can do. */
  readonly remedy: string;
}

/** What each reason means, and what to do about it; docs/trust.md has the same table. */
export const REASON_TEXTS: Readonly<Record<PathReason, ReasonText>> = {
  malformed: {
    meaning: 'A part that decides about the path is missing, occurs twice, or cannot be read.',
    remedy: 'Have it issued again by a CA that follows RFC 5280.',
  },
  expired: {
    meaning: 'Its validity has ended.',
    remedy: 'Renew it. If it is the certificate of a CA, add its successor to the set.',
  },
  notYetValid: {
    meaning: 'Its validity has not begun.',
    remedy: 'Wait until it begins, or correct the clock that is wrong.',
  },
  unknownCriticalExtension: {
    meaning: 'It has a critical extension that path validation does not process, and RFC 5280 says to refuse it.',
    remedy: 'Have it issued without that extension, or with the extension not critical.',
  },
  notCa: {
    meaning: 'It is the issuer of a certificate, but it is not a CA.',
    remedy: 'Have the certificate issued by a CA. A CA says so in its basic constraints.',
  },
  keyUsage: {
    meaning: 'Its key usage lacks keyCertSign (a CA) or digitalSignature (the certificate itself).',
    remedy: 'Have it issued with that key usage.',
  },
  extendedKeyUsage: {
    meaning: 'It, or a CA above it, is limited to other purposes than the required one, by default clientAuth.',
    remedy: 'Have it issued for that purpose, or change requiredExtendedKeyUsage in the policy.',
  },
  weakAlgorithm: {
    meaning: 'Its key or signature is too weak or unknown: MD5, SHA-1, RSA under 2048 bits, DSA, an unknown curve.',
    remedy: 'Have it issued with a stronger key, such as P-256 or RSA with 2048 bits, and a signature with SHA-256.',
  },
  pathLength: {
    meaning: 'There are more intermediates below a CA than its path length allows.',
    remedy: 'Have it issued by a CA nearer to the anchor, or replace the certificate of the CA that sets the limit.',
  },
  nameConstraints: {
    meaning: 'It has a name that a CA above it may not certify.',
    remedy: 'Have it issued for names that the CA permits, or by another CA.',
  },
  badSignature: {
    meaning: 'A certificate has the name of the issuer, but another key: this key did not make the signature.',
    remedy:
      'Find out who issued it. Add that CA to the set only if you trust it; anybody can give a CA of their own this name.',
  },
  policy: {
    meaning: 'A CA demands a certificate policy, and there is none that all certificates of the path have.',
    remedy: 'Have it issued under a certificate policy that the CAs above it have.',
  },
  profile: {
    meaning: 'It violates a MUST of RFC 5280 section 4. Only the profile of the public test suites refuses this.',
    remedy: 'A server lists this as a finding and does not refuse the path.',
  },
  issuerNotFound: {
    meaning: 'The set has no certificate with the name of its issuer.',
    remedy:
      'Add the CA to the set: as an intermediate if another CA issued it, as an anchor if you trust it for itself.',
  },
  revoked: {
    meaning: 'A CRL or an OCSP response that counts says that its issuer has revoked it.',
    remedy: 'Have a new certificate issued.',
  },
  revocationUnknown: {
    meaning: 'No CRL and no OCSP response that counts says whether it is revoked.',
    remedy:
      'Make the CRLs or the OCSP responder of its issuer reachable, or put its current CRL into the trust-anchor set.',
  },
  budget: {
    meaning: 'The search reached one of its bounds, so that no path is proven.',
    remedy: 'Remove the certificates from the set that no path needs, or split it into several sets.',
  },
};
