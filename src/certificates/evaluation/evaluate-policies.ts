import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import type { PreparedAnchors } from '../../x509/path/prepared-anchors.js';
import { evaluateUpload } from '../certificate-upload.rules.js';
import { isRefused } from '../revocation-check.rules.js';
import type { CheckedRevocation } from '../revocation-evidence.js';
import { findAcceptedPath, type RevocationSearch, statusesOf } from '../revocation-paths.rules.js';
import { pathParameters, searchPath, type SearchedPath } from '../trust-anchors.rules.js';
import type { NamedSources, PolicyOutcomes } from './evaluation-message.js';
import { namedSources } from './named-sources.js';
import type { PolicyOutcome } from './policy-outcome.model.js';

export interface PolicyWithSet {
  readonly policy: CertificatePolicy;
  /** Undefined if the policy names none, or it cannot be read. */
  readonly set: { readonly name: string; readonly prepared: PreparedAnchors } | undefined;
}

interface Inputs {
  readonly owner: CredentialOwner;
  readonly evidence: RevocationSearch['evidence'];
  readonly now: Date;
}

/** Evaluates one certificate by several policies as an upload by an administrator would be (contract 14.2, 14.5). */
export function evaluatePolicies(
  certificate: DerCertificate,
  policies: readonly PolicyWithSet[],
  inputs: Inputs,
): PolicyOutcomes {
  const paths = new KnownPaths(certificate, inputs.now);
  const trusts = policies.map((each) => checkRevocation(certificate, each, paths.of(each), inputs));
  const outcomes = policies.map(({ policy }, index): PolicyOutcome => {
    const { owner, now } = inputs;
    const upload = evaluateUpload(certificate, { mode: 'administrator', policy, owner, now, ...trusts[index] });
    const failed = upload.outcomes.filter(({ passed }) => !passed);
    if (upload.refusals.length > 0) return { verdict: 'refused', failed };
    return { verdict: upload.disabling.length > 0 ? 'disabled' : 'accepted', failed };
  });
  return { outcomes, named: trusts.flatMap(({ revocation = [], path = [] }) => namedBy(revocation, path)) };
}

/** Policies that differ in nothing that a path depends on share the search. */
class KnownPaths {
  readonly #known = new Map<PreparedAnchors, Map<string, SearchedPath>>();

  constructor(
    private readonly certificate: DerCertificate,
    private readonly now: Date,
  ) {}

  of({ policy, set }: PolicyWithSet): SearchedPath | undefined {
    if (policy.trustAnchors === undefined) return undefined;
    if (set === undefined) return searchPath(this.certificate, policy, undefined, this.now);
    const ofSet = this.#known.get(set.prepared) ?? new Map<string, SearchedPath>();
    this.#known.set(set.prepared, ofSet);
    const purposes = policy.requiredExtendedKeyUsage.map(({ oid }) => oid).join(' ');
    const searched = ofSet.get(purposes) ?? searchPath(this.certificate, policy, set, this.now);
    ofSet.set(purposes, searched);
    return searched;
  }
}

interface CheckedTrust {
  readonly searchedPath: SearchedPath | undefined;
  readonly revocation: CheckedRevocation | undefined;
  readonly path?: readonly DerCertificate[];
}

/** By the evidence at hand; another path counts if the first one is refused. */
function checkRevocation(
  leaf: DerCertificate,
  { policy, set }: PolicyWithSet,
  searchedPath: SearchedPath | undefined,
  { evidence, now }: Inputs,
): CheckedTrust {
  const { revocationCheck: mode } = policy;
  const result = searchedPath?.result;
  if (mode === 'none' || set === undefined || searchedPath === undefined || result?.proven !== true) {
    return { searchedPath, revocation: undefined };
  }
  const parameters = pathParameters(policy, now);
  const search = { leaf, set: set.prepared, parameters, mode, evidence, time: now };
  const checked = (path: readonly DerCertificate[]): CheckedRevocation =>
    statusesOf(search, path).map((each) => ({ ...each, failed: [] }));
  const revocation = checked(result.path);
  if (!revocation.some(({ status }) => isRefused(mode, status))) return { searchedPath, revocation, path: result.path };
  const accepted = findAcceptedPath(search);
  if (accepted === undefined) return { searchedPath, revocation, path: result.path };
  return {
    searchedPath: { ...searchedPath, result: accepted },
    revocation: checked(accepted.path),
    path: accepted.path,
  };
}

function namedBy(revocation: CheckedRevocation, path: readonly DerCertificate[]): readonly NamedSources[] {
  return revocation.flatMap(({ certificate, status }, index) => namedSources(certificate, status, path[index + 1]));
}
