import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import type { PreparedAnchors } from '../x509/path/prepared-anchors.js';

/** One version of a trust-anchor set of a client. When an extId is used again, a new generation begins. */
export interface TrustSetKey {
  readonly clientExtId: string;
  readonly extId: string;
  readonly generation: string;
  readonly version: number;
}

/** The parsed certificates of one version of a set; the same object as long as it is cached. */
export interface TrustSet extends TrustSetKey {
  readonly name: string;
  readonly anchors: readonly DerCertificate[];
  readonly intermediates: readonly DerCertificate[];
  /** Prepared on first use. */
  readonly prepared: PreparedAnchors;
}

/** One version of a policy, and what it was evaluated against: a change of its set is another `evaluationVersion`. */
export interface PolicyVersion {
  readonly policyGeneration: string;
  readonly policyVersion: number;
  readonly evaluationVersion: number;
}

/** A version of a policy, and the extId of the set that it names. */
export interface PolicyOfSet extends PolicyVersion {
  readonly policyExtId: string;
  readonly setExtId: string;
}

/** The set that this version of a policy names. */
export interface SetOfPolicy extends PolicyVersion {
  /** Undefined if it cannot be read. */
  readonly set: TrustSet | undefined;
}

export function isSamePolicy(one: PolicyVersion, other: PolicyVersion): boolean {
  return (
    one.policyGeneration === other.policyGeneration &&
    one.policyVersion === other.policyVersion &&
    one.evaluationVersion === other.evaluationVersion
  );
}

/** What a set holds a certificate for. */
export const CERTIFICATE_ROLES = ['anchor', 'intermediate'] as const;

/** The two members that hold certificates. */
export const CERTIFICATE_MEMBERS = ['anchors', 'intermediates'] as const;
