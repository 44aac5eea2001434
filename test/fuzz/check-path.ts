import { createHash, X509Certificate } from 'node:crypto';

import type { DerCertificate } from '../../src/x509/certificate/der-certificate.js';
import {
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../../src/x509/certificate/extensions/certificate-policies.js';
import { nameConstraints } from '../../src/x509/certificate/extensions/name-constraints.js';
import { readCertificate } from '../../src/x509/certificate/read-certificate.js';
import { Budget } from '../../src/x509/path/budget.js';
import { findPath } from '../../src/x509/path/find-path.js';
import { NameConstraintSet } from '../../src/x509/path/name-constraints.js';
import { type PathParameters, productionParameters } from '../../src/x509/path/path-parameters.js';
import type { PathResult, ProvenPath } from '../../src/x509/path/path-result.js';
import { PolicyGraph } from '../../src/x509/path/policy-graph.js';
import { prepareAnchors } from '../../src/x509/path/prepared-anchors.js';
import { type Call, readStructure } from './check-octets.js';
import type { CaseParameters, PathCase } from './fuzz-case.js';

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Searches twice from the same octets, and holds what is proven against OpenSSL and against what was really signed. */
export function checkPath(fuzzed: PathCase, call: Call): void {
  const parameters = parametersOf(fuzzed.parameters);
  const first = call('findPath', () => search(fuzzed, parameters));
  const second = call('findPath', () => search(fuzzed, parameters));
  if (first !== undefined && second !== undefined) {
    if (summary(first) !== summary(second)) throw new Error('The same search has another result.');
    if (first.proven) checkProof(first, new Set(fuzzed.signed));
  }
  const certificates = [fuzzed.leaf, ...fuzzed.intermediates, ...fuzzed.anchors]
    .map((octets) => readStructure(Buffer.from(octets, 'base64')))
    .filter((certificate) => certificate !== undefined);
  call('NameConstraintSet', () => checkNames(certificates));
  call('PolicyGraph', () => checkPolicies(certificates, parameters));
}

/** Whatever cannot be read is left out, as the routes refuse it. */
function search(fuzzed: PathCase, parameters: PathParameters): PathResult | undefined {
  const [leaf] = readAll([fuzzed.leaf]);
  if (leaf === undefined) return undefined;
  const set = prepareAnchors(readAll(fuzzed.anchors), readAll(fuzzed.intermediates));
  const result = findPath(leaf, set, parameters);
  const warm = findPath(leaf, set, parameters);
  const isCounted = [result, warm].some((one) => !one.proven && one.reason === 'budget');
  // Signatures that the first search has checked cost the second one nothing, so it may only get further.
  if (!isCounted && verdict(result) !== verdict(warm)) throw new Error('A prepared set changes the result.');
  return result;
}

function readAll(list: readonly string[]): DerCertificate[] {
  return list.flatMap((octets) => {
    const read = readCertificate(Buffer.from(octets, 'base64'));
    return read.ok ? [read.certificate] : [];
  });
}

function parametersOf(options: CaseParameters): PathParameters {
  const { profile, eku, allowWeakAlgorithms, initialPolicies, explicitPolicy } = options;
  return {
    ...productionParameters(new Date('2026-06-01T00:00:00Z'), eku),
    profile,
    initialPolicySet: initialPolicies === 'any' ? 'any' : new Set(initialPolicies),
    initialExplicitPolicy: explicitPolicy,
    algorithms: { sha1: allowWeakAlgorithms, dsa: allowWeakAlgorithms, minimumRsaBits: 2048 },
  };
}

function verdict(result: PathResult): string {
  return result.proven
    ? JSON.stringify([
        result.path.map(({ der }) => sha256(der)),
        [...result.userConstrainedPolicySet],
        result.findings.map(({ section, detail }) => [section, detail]),
      ])
    : JSON.stringify([result.reason, result.section, result.detail]);
}

function summary(result: PathResult): string {
  const rejections = result.proven
    ? []
    : result.attempt.rejections.map(({ certificate, reason, section, detail }) => [
        sha256(certificate.der),
        reason,
        section,
        detail,
      ]);
  return JSON.stringify([verdict(result), result.cost, rejections]);
}

/** The anchor is trusted for itself; every certificate below it was really signed, and its issuer's key says so. */
function checkProof({ path }: ProvenPath, signed: ReadonlySet<string>): void {
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const { tbsCertificate } = certificate.structure;
    if (!signed.has(sha256(tbsCertificate))) throw new Error('A certificate is proven that nobody has signed.');
    const issuer = path[index + 1];
    if (issuer === undefined || !isSignedBy(certificate, issuer)) {
      throw new Error('A certificate is proven whose signature OpenSSL does not verify.');
    }
  }
}

function isSignedBy({ der }: DerCertificate, issuer: DerCertificate): boolean {
  return new X509Certificate(der).verify(new X509Certificate(issuer.der).publicKey);
}

/** The constraints of all of them together, against the names of each. */
function checkNames(certificates: readonly DerCertificate[]): void {
  const budget = new Budget();
  let set = NameConstraintSet.none;
  for (const certificate of certificates) {
    const constraints = certificate.extension(nameConstraints);
    if (constraints !== undefined) set = set.with(constraints);
    const results = [set, set].map((one) => JSON.stringify(one.check(certificate, new Budget())));
    if (results[0] !== results[1]) throw new Error('The same names have another result.');
    set.check(certificate, budget);
  }
}

/** As one path, whether or not they belong together. */
function checkPolicies(certificates: readonly DerCertificate[], parameters: PathParameters): void {
  const graph = new PolicyGraph(parameters, certificates.length, new Budget());
  const path = certificates.toReversed().map((certificate, index) => ({
    isSelfIssued: index % 3 === 1,
    policies: certificate.extension(certificatePolicies),
    mappings: certificate.extension(policyMappings),
    constraints: certificate.extension(policyConstraints),
    inhibitAnyPolicy: certificate.extension(inhibitAnyPolicy),
  }));
  for (const certificate of path) {
    if (graph.enter(certificate) !== undefined) return;
    if (certificate !== path.at(-1) && graph.prepareNext(certificate) !== undefined) return;
  }
  const [leaf] = path.slice(-1);
  if (leaf !== undefined) graph.finish(leaf);
}
