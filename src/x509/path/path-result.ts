import type { DerCertificate } from '../certificate/der-certificate.js';

/** Why a certificate cannot be part of the path (12.4). */
export const PATH_REASONS = [
  'malformed',
  'expired',
  'notYetValid',
  'unknownCriticalExtension',
  'notCa',
  'keyUsage',
  'extendedKeyUsage',
  'weakAlgorithm',
  'pathLength',
  'nameConstraints',
  'badSignature',
  'policy',
  'profile',
  'issuerNotFound',
  'revoked',
  'revocationUnknown',
  'budget',
] as const;

export type PathReason = (typeof PATH_REASONS)[number];

export interface Problem {
  readonly reason: PathReason;
  /** `RFC 5280 section 6.1.3 (a)(2)`. */
  readonly section: string;
  /** One fixed sentence, never with text from the certificate. */
  readonly detail: string;
}

export interface Rejection extends Problem {
  readonly certificate: DerCertificate;
}

/** A violated MUST of RFC 5280 section 4 in a certificate of a proven path. */
export interface PathFinding {
  readonly certificate: DerCertificate;
  readonly section: string;
  readonly detail: string;
}

/** What the search spent; each is bounded (12.2). */
export interface PathCost {
  readonly signatureChecks: number;
  readonly nameComparisons: number;
  readonly policyNodes: number;
  /** Certificates that were tried as an issuer. */
  readonly candidates: number;
}

export interface ProvenPath {
  readonly proven: true;
  /** From leaf to anchor. */
  readonly path: readonly DerCertificate[];
  /** RFC 5280 section 6.1.6; dotted OIDs, among them anyPolicy where every policy is valid. */
  readonly userConstrainedPolicySet: ReadonlySet<string>;
  readonly findings: readonly PathFinding[];
  readonly cost: PathCost;
}

/** The problem is that of the best attempt, or of the budget. */
export interface UnprovenPath extends Problem {
  readonly proven: false;
  readonly attempt: PathAttempt;
  readonly cost: PathCost;
}

/** The attempt that came closest to an anchor. */
export interface PathAttempt {
  /** From the leaf upwards. */
  readonly certificates: readonly DerCertificate[];
  /** Every candidate that was rejected anywhere in the search, once for each reason. */
  readonly rejections: readonly Rejection[];
}

export type PathResult = ProvenPath | UnprovenPath;
