import { basicConstraints } from '../certificate/extensions/basic-constraints.js';
import {
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../certificate/extensions/certificate-policies.js';
import type { PathChecks } from './path-checks.js';
import type { Problem } from './path-result.js';
import { type PolicyExtensions, PolicyGraph, type PolicyProblem } from './policy-graph.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import { PATH_TOO_LONG, TOO_MANY_INTERMEDIATES, UNUSABLE_KEY } from './problems.js';
import type { WorkingKey } from './working-key.js';

export type PathValidation =
  | { readonly valid: true; readonly userConstrainedPolicySet: ReadonlySet<string> }
  | { readonly valid: false; readonly certificate: PreparedCertificate; readonly problem: Problem };

/**
 * RFC 5280 section 6.1 for one path, given from leaf to anchor. Nothing else decides that a path is proven: whatever the
 * search has found out before is checked again here, in the order of the RFC.
 */
export function validatePath(path: readonly PreparedCertificate[], checks: PathChecks): PathValidation {
  const [anchor, ...certificates] = path.toReversed();
  const leaf = certificates.at(-1);
  if (anchor?.isAnchor !== true || leaf === undefined) throw new TypeError('A path leads from a leaf to an anchor.');
  return new PathProcess(checks, certificates.length).run(anchor, certificates, leaf);
}

/** The state variables of RFC 5280 section 6.1.2. */
class PathProcess {
  private workingKey: WorkingKey | undefined;
  private maxPathLength = Number.POSITIVE_INFINITY;
  private intermediates = 0;
  /** The anchor and the intermediates so far; their name constraints stand for the permitted and excluded subtrees. */
  private readonly issuers: PreparedCertificate[] = [];
  private readonly policies: PolicyGraph;

  constructor(
    private readonly checks: PathChecks,
    length: number,
  ) {
    this.policies = new PolicyGraph(checks.parameters, length, checks.budget);
  }

  run(
    anchor: PreparedCertificate,
    certificates: readonly PreparedCertificate[],
    leaf: PreparedCertificate,
  ): PathValidation {
    const untrusted = this.checks.issuer(anchor) ?? this.becomeIssuer(anchor);
    if (untrusted !== undefined) return invalid(anchor, untrusted);
    for (const certificate of certificates) {
      const isLeaf = certificate === leaf;
      const problem = this.process(certificate, isLeaf) ?? (isLeaf ? undefined : this.prepareNext(certificate));
      if (problem !== undefined) return invalid(certificate, problem);
    }
    return this.wrapUp(leaf);
  }

  /** 6.1.3. */
  private process(certificate: PreparedCertificate, isLeaf: boolean): Problem | undefined {
    return (
      this.checkIssuedByWorkingKey(certificate) ??
      (isLeaf ? this.checks.leaf(certificate) : this.checks.issuer(certificate)) ??
      // (b) and (c)
      (certificate.isSelfIssued && !isLeaf ? undefined : this.checkNames(certificate)) ??
      // (d) to (f)
      toProblem(this.policies.enter(policyExtensions(certificate)))
    );
  }

  /** 6.1.3 (a)(1) and (a)(4). */
  private checkIssuedByWorkingKey(certificate: PreparedCertificate): Problem | undefined {
    if (certificate.issuerKey === undefined || certificate.issuerKey !== this.issuers.at(-1)?.subjectKey) {
      return {
        reason: 'issuerNotFound',
        section: 'RFC 5280 section 6.1.3 (a)(4)',
        detail: 'Its issuer has another name.',
      };
    }
    return this.workingKey === undefined ? UNUSABLE_KEY : this.checks.signature(certificate, this.workingKey);
  }

  private checkNames(certificate: PreparedCertificate): Problem | undefined {
    for (const issuer of this.issuers) {
      const problem = this.checks.names(certificate, issuer);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** 6.1.4; (k), (n) and (o) are among the checks of an issuer. */
  private prepareNext(certificate: PreparedCertificate): Problem | undefined {
    return (
      // (a), (b), (h), (i) and (j)
      toProblem(this.policies.prepareNext(policyExtensions(certificate))) ??
      this.countIntermediate(certificate) ??
      this.becomeIssuer(certificate)
    );
  }

  /** 6.1.4 (l). */
  private countIntermediate(certificate: PreparedCertificate): Problem | undefined {
    if (certificate.isSelfIssued) return undefined;
    this.intermediates += 1;
    if (this.intermediates > this.checks.parameters.maxIntermediates) return TOO_MANY_INTERMEDIATES;
    if (this.maxPathLength === 0) return PATH_TOO_LONG;
    this.maxPathLength -= 1;
    return undefined;
  }

  /** 6.1.4 (c) to (g) and (m); for the anchor 6.1.2 and 11.2. */
  private becomeIssuer(issuer: PreparedCertificate): Problem | undefined {
    this.issuers.push(issuer);
    this.workingKey = issuer.workingKey(this.workingKey?.dsaParameters);
    if (this.workingKey === undefined) return UNUSABLE_KEY;
    const limit = issuer.certificate.extension(basicConstraints)?.pathLenConstraint;
    if (limit !== undefined) this.maxPathLength = Math.min(this.maxPathLength, limit);
    return undefined;
  }

  /** 6.1.5 and 6.1.6; (c) to (f) are done for the leaf as for every certificate. */
  private wrapUp(leaf: PreparedCertificate): PathValidation {
    const outcome = this.policies.finish(policyExtensions(leaf));
    if ('problem' in outcome) return invalid(leaf, fromPolicy(outcome));
    return { valid: true, userConstrainedPolicySet: outcome.userConstrainedPolicySet };
  }
}

function invalid(certificate: PreparedCertificate, problem: Problem): PathValidation {
  return { valid: false, certificate, problem };
}

function policyExtensions({ certificate, isSelfIssued }: PreparedCertificate): PolicyExtensions {
  return {
    isSelfIssued,
    policies: certificate.extension(certificatePolicies),
    mappings: certificate.extension(policyMappings),
    constraints: certificate.extension(policyConstraints),
    inhibitAnyPolicy: certificate.extension(inhibitAnyPolicy),
  };
}

function toProblem(problem: PolicyProblem | undefined): Problem | undefined {
  return problem && fromPolicy(problem);
}

function fromPolicy({ problem, section, detail }: PolicyProblem): Problem {
  return { reason: problem, section: `RFC 5280 section ${section}`, detail };
}
