import type { DerCertificate } from '../certificate/der-certificate.js';
import { basicConstraints } from '../certificate/extensions/basic-constraints.js';
import { BestAttempt } from './best-attempt.js';
import { Budget } from './budget.js';
import { orderCandidates } from './candidates.js';
import { PathChecks } from './path-checks.js';
import type { PathParameters } from './path-parameters.js';
import type { PathFinding, PathResult, Problem, ProvenPath } from './path-result.js';
import type { PreparedAnchors } from './prepared-anchors.js';
import { PreparedCertificate } from './prepared-certificate.js';
import {
  ISSUER_NOT_FOUND,
  OUT_OF_BUDGET,
  PATH_TOO_LONG,
  TOO_MANY_CANDIDATES,
  TOO_MANY_INTERMEDIATES,
  UNUSABLE_KEY,
} from './problems.js';
import { section4Violations } from './section-4.js';
import { validatePath } from './validate-path.js';

/** Whether a valid path leads from an anchor of the set to the leaf (12.1); if not, why. Never throws. */
export function findPath(leaf: DerCertificate, set: PreparedAnchors, parameters: PathParameters): PathResult {
  return new PathSearch(set, parameters).run(new PreparedCertificate(leaf, false, parameters.signatures));
}

/** 12.2. */
const MAX_CANDIDATES = 32;

type Path = readonly [leaf: PreparedCertificate, ...issuers: PreparedCertificate[]];

/**
 * Searches the graph of names from the leaf upwards, depth first, and takes every other way before it gives up. What it
 * rejects early would fail under every anchor; what it finds, `validatePath` decides about.
 */
class PathSearch {
  private readonly budget = new Budget();
  private readonly attempts = new BestAttempt();
  private readonly checks: PathChecks;
  private readonly ordered = new Map<PreparedCertificate, readonly PreparedCertificate[]>();

  constructor(
    private readonly set: PreparedAnchors,
    private readonly parameters: PathParameters,
  ) {
    this.checks = new PathChecks(parameters, this.budget);
  }

  run(leaf: PreparedCertificate): PathResult {
    const problem = this.checks.leaf(leaf);
    if (problem !== undefined) this.attempts.reject([leaf], leaf, problem);
    const found = problem === undefined ? this.extend([leaf]) : undefined;
    if (found !== undefined) return found;
    const decisive = this.budget.isExhausted ? OUT_OF_BUDGET : (this.attempts.problem ?? ISSUER_NOT_FOUND);
    return { proven: false, ...decisive, attempt: this.attempts.attempt, cost: this.budget.cost };
  }

  private extend(path: Path): ProvenPath | undefined {
    const subject = path.at(-1) ?? path[0];
    const candidates = this.candidatesFor(subject).filter((candidate) => !isRepetition(candidate, path));
    if (candidates.length === 0) this.attempts.reject(path, subject, ISSUER_NOT_FOUND);
    for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
      if (!this.budget.candidate()) return undefined;
      const problem = this.checkCandidate(candidate, path);
      if (problem === undefined) {
        const longer: Path = [...path, candidate];
        const found = candidate.isAnchor ? this.conclude(longer) : this.extend(longer);
        if (found !== undefined) return found;
      } else {
        this.attempts.reject(path, candidate, problem);
      }
      if (this.budget.isExhausted) return undefined;
    }
    if (candidates.length > MAX_CANDIDATES) this.attempts.reject(path, subject, TOO_MANY_CANDIDATES);
    return undefined;
  }

  private candidatesFor(subject: PreparedCertificate): readonly PreparedCertificate[] {
    const known = this.ordered.get(subject);
    if (known !== undefined) return known;
    const named = (subject.issuerKey === undefined ? undefined : this.set.issuers.get(subject.issuerKey)) ?? [];
    const ordered = orderCandidates(subject, named, this.parameters.time);
    this.ordered.set(subject, ordered);
    return ordered;
  }

  /** Only what is wrong under every anchor, the cheap before the costly. */
  private checkCandidate(candidate: PreparedCertificate, path: Path): Problem | undefined {
    return (
      this.checks.issuer(candidate) ??
      this.checkLength(candidate, path) ??
      this.checkNamesBelow(candidate, path) ??
      this.checkSignatureBelow(candidate, path)
    );
  }

  private checkLength(candidate: PreparedCertificate, path: Path): Problem | undefined {
    const [, ...issuers] = path;
    const below = issuers.filter(({ isSelfIssued }) => !isSelfIssued).length;
    const counted = candidate.isAnchor || candidate.isSelfIssued ? below : below + 1;
    if (counted > this.parameters.maxIntermediates) return TOO_MANY_INTERMEDIATES;
    const limit = candidate.certificate.extension(basicConstraints)?.pathLenConstraint;
    return limit !== undefined && below > limit ? PATH_TOO_LONG : undefined;
  }

  private checkNamesBelow(candidate: PreparedCertificate, path: Path): Problem | undefined {
    for (const certificate of path) {
      if (certificate.isSelfIssued && certificate !== path[0]) continue;
      const problem = this.checks.names(certificate, candidate);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** A DSA key without parameters is known only once the path is complete. */
  private checkSignatureBelow(candidate: PreparedCertificate, path: Path): Problem | undefined {
    if (candidate.inheritsParameters) return undefined;
    const key = candidate.workingKey();
    return key === undefined ? UNUSABLE_KEY : this.checks.signature(path.at(-1) ?? path[0], key);
  }

  private conclude(path: Path): ProvenPath | undefined {
    const validation = validatePath(path, this.checks);
    if (!validation.valid) {
      this.attempts.reject(path, validation.certificate, validation.problem);
      return undefined;
    }
    const certificates = path.map(({ certificate }) => certificate);
    const rejection = this.parameters.accept?.(certificates);
    if (rejection !== undefined) {
      const { certificate: named, ...problem } = rejection;
      this.attempts.reject(path, path.find(({ certificate }) => certificate === named) ?? path[0], problem);
      return undefined;
    }
    const { userConstrainedPolicySet } = validation;
    return {
      proven: true,
      path: certificates,
      userConstrainedPolicySet,
      findings: this.findingsOf(path),
      cost: this.budget.cost,
    };
  }

  /** 12.6. */
  private findingsOf(path: Path): PathFinding[] {
    return path.flatMap((prepared) =>
      section4Violations(prepared, this.budget).map((violation) => ({
        certificate: prepared.certificate,
        ...violation,
      })),
    );
  }
}

/**
 * A certificate, or another one of the same holder, is never needed twice. Only an anchor may equal the leaf: it is the
 * anchor's key that counts, not its certificate (RFC 5280 section 6.1.1 (d)).
 */
function isRepetition(candidate: PreparedCertificate, [leaf, ...issuers]: Path): boolean {
  const isLeaf = !candidate.isAnchor && candidate.certificate.der.equals(leaf.certificate.der);
  return isLeaf || issuers.some((issuer) => issuer.isSameHolderAs(candidate));
}
