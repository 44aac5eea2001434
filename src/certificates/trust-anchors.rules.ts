import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { TrustSet } from '../trust/trust-set.model.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { formatName } from '../x509/name/format-name.js';
import { findPath } from '../x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../x509/path/path-parameters.js';
import type { PathResult, UnprovenPath } from '../x509/path/path-result.js';
import { prepareAnchors } from '../x509/path/prepared-anchors.js';
import { REASON_TEXTS } from '../x509/path/reason-texts.js';
import type { ValidSignatures } from '../x509/path/valid-signatures.js';
import { type FingerprintAlgorithm, shownPath } from './path-outcome.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

export const TRUST_RULE = 'trustAnchors';

type SearchedSet = Pick<TrustSet, 'name' | 'prepared'>;
type CompleteSet = SearchedSet & Pick<TrustSet, 'anchors' | 'intermediates'>;

/** What the search for a path to an anchor of the policy's set has found. */
export interface SearchedPath {
  /** The name of the set. */
  readonly set: string;
  /** Undefined if the set cannot be read. */
  readonly result: PathResult | undefined;
  /** Whether an anchor was the cause that no path is proven: it has expired, for example. */
  readonly isAnchorRejected?: boolean;
}

/** The set with the intermediates that a client has presented. They complete a path, and are never anchors of it. */
export function withIntermediates(set: CompleteSet, presented: readonly DerCertificate[]): CompleteSet {
  if (presented.length === 0) return set;
  const intermediates = [...set.intermediates, ...presented];
  return { ...set, intermediates, prepared: prepareAnchors(set.anchors, intermediates) };
}

/** `set`: the one that the policy names; undefined if it cannot be read (contract 12.1, 12.3). */
export function searchPath(
  certificate: DerCertificate,
  policy: CertificatePolicy,
  set: SearchedSet | undefined,
  now: Date,
  signatures?: ValidSignatures,
): SearchedPath {
  if (set === undefined) return { set: policy.trustAnchors ?? '', result: undefined };
  const result = findPath(certificate, set.prepared, pathParameters(policy, now, signatures));
  return { set: set.name, result, isAnchorRejected: isAnchorRejected(result, set) };
}

function isAnchorRejected(result: PathResult, { prepared: { issuers } }: SearchedSet): boolean {
  const rejected = result.proven ? undefined : decisiveOf(result);
  if (rejected === undefined) return false;
  return [...issuers.values()].flat().some(({ certificate, isAnchor }) => isAnchor && certificate === rejected);
}

/** The certificate at which the best attempt failed. */
function decisiveOf({ attempt, reason, detail }: UnprovenPath): DerCertificate | undefined {
  return attempt.rejections.find((each) => each.reason === reason && each.detail === detail)?.certificate;
}

/** Contract 12.3. */
export function pathParameters(
  { requiredExtendedKeyUsage }: CertificatePolicy,
  now: Date,
  signatures?: ValidSignatures,
): PathParameters {
  const purposes = requiredExtendedKeyUsage.map(({ oid }) => oid);
  return { ...productionParameters(now, purposes.length === 0 ? undefined : purposes), signatures };
}

/**
 * Whether a valid path leads from an anchor of the set to the certificate (contract 12.4). With `fingerprints`, the outcome
 * contains the path.
 */
export function evaluateTrustAnchors(
  { trustAnchors }: CertificatePolicy,
  searched: SearchedPath | undefined,
  fingerprints: FingerprintAlgorithm | undefined,
): readonly RuleOutcome[] {
  if (trustAnchors === undefined) return [];
  // Nothing passes that was not proven.
  if (searched === undefined) throw new Error('The policy names a trust-anchor set, but no path was searched for.');
  const { set, result } = searched;
  const outcome = ruleOutcome(TRUST_RULE, {
    passed: result?.proven === true,
    expected: `a path to an anchor of "${set}"`,
    found: foundOf(result),
    remedy: remedyOf(result),
  });
  return [
    result === undefined || fingerprints === undefined
      ? outcome
      : { ...outcome, path: shownPath(result, fingerprints) },
  ];
}

function foundOf(result: PathResult | undefined): string {
  if (result === undefined) return 'no path, because the certificates of the set cannot be read';
  if (!result.proven) return `no path: ${causeOf(result)}`;
  const anchor = result.path.at(-1)?.subject;
  return `a path of ${result.path.length} certificates to ${anchor === undefined ? 'an anchor' : formatName(anchor)}`;
}

/** The best attempt, and the certificate at which it failed. */
function causeOf(path: UnprovenPath): string {
  const { section, detail } = path;
  const subject = decisiveOf(path)?.subject;
  const where = subject === undefined ? '' : ` (${formatName(subject)})`;
  return `${detail.replace(/\.$/, '')}${where}; ${section}`;
}

function remedyOf(result: PathResult | undefined): string {
  if (result === undefined) return 'Send the certificates of the trust-anchor set again.';
  return result.proven ? '' : REASON_TEXTS[result.reason].remedy;
}
