import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { findPath } from '../../x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../../x509/path/path-parameters.js';
import type { PreparedAnchors } from '../../x509/path/prepared-anchors.js';
import { isDeltaOf } from '../../x509/revocation/crl-scope.js';
import type { CrlSet } from '../../x509/revocation/crl-set.js';
import { Crl } from '../../x509/revocation/crl.js';
import { certIdOf } from '../../x509/revocation/ocsp/ocsp-request.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { ocspValidity } from '../../x509/revocation/ocsp/ocsp-validity.js';
import { RevocationCheck } from '../../x509/revocation/revocation-check.js';
import type { RevocationStatus } from '../../x509/revocation/revocation-status.js';
import { sourcesOf } from '../../x509/revocation/sources-of.js';
import type { CertificateStatus, DecidingEvidence } from './certificate-status.model.js';
import type { EvaluatedCertificate, OpenStatus } from './evaluation-message.js';

type Path = readonly DerCertificate[];
type Evidence = Crl | OcspResponse;

export interface EvaluationInputs {
  readonly set: PreparedAnchors;
  readonly crls: CrlSet;
  readonly ocsp: readonly OcspResponse[];
  /** In lower-case hex. */
  readonly digestOf: (evidence: Evidence) => string;
  readonly time: Date;
}

const UNPROVEN: EvaluatedCertificate = { path: { kind: 'unproven' }, open: [] };
const UNDECIDED: EvaluatedCertificate = { path: { kind: 'undecided' }, open: [] };

/**
 * The path of a stored certificate and the statuses of its certificates. It is `revoked` only if every valid path has a
 * revoked certificate; an unknown status refuses no path here (contract 13.4).
 */
export function evaluatePath(
  leaf: DerCertificate,
  inputs: EvaluationInputs,
  purposes: readonly string[] | undefined,
): EvaluatedCertificate {
  const parameters = productionParameters(inputs.time, purposes);
  const first = findPath(leaf, inputs.set, parameters);
  if (!first.proven) return first.reason === 'budget' ? UNDECIDED : UNPROVEN;
  const check = new RevocationCheck({ ...inputs, mode: 'soft', parameters });
  const refused: Path[] = [];
  let isUndecided = false;
  const accept: PathParameters['accept'] = (path) => {
    const rejection = check.accept(path);
    if (rejection?.reason === 'revoked') refused.push(path);
    else if (rejection !== undefined) isUndecided = true;
    return rejection;
  };
  const isAccepted = accept(first.path) === undefined;
  const accepted = isAccepted ? first : findPath(leaf, inputs.set, { ...parameters, accept });
  if (accepted.proven) return evaluated('accepted', accepted.path, check, inputs);
  const [revoked] = refused;
  const isBounded = isUndecided || accepted.reason === 'budget';
  return revoked === undefined || isBounded ? UNDECIDED : evaluated('revoked', revoked, check, inputs);
}

function evaluated(
  kind: 'accepted' | 'revoked',
  path: Path,
  check: RevocationCheck,
  inputs: EvaluationInputs,
): EvaluatedCertificate {
  const statuses = check.statusesOf(path);
  const certificates = statuses.map(({ certificate, status }, index) =>
    statusOf(certificate, path[index + 1], status, inputs.digestOf),
  );
  const open = statuses.flatMap(({ certificate, status }, index) =>
    status.status === 'unknown' && status.code !== 'budget' ? openStatus(certificate, path[index + 1]) : [],
  );
  return { path: { kind, certificates }, open };
}

function statusOf(
  certificate: DerCertificate,
  issuer: DerCertificate | undefined,
  status: RevocationStatus,
  digestOf: EvaluationInputs['digestOf'],
): CertificateStatus {
  const sha256 = certificate.sha256.toString('hex');
  if (status.status === 'unknown') return { sha256, status: 'unknown' };
  const dated = status.evidence.map((each) => ({ each, thisUpdate: thisUpdateOf(each, certificate, issuer) }));
  const evidence = status.status === 'good' ? leastRecent(dated, digestOf) : mostRecent(dated, digestOf);
  if (status.status === 'good') return { sha256, status: 'good', evidence };
  const { reason, revocationDate } = status;
  return { sha256, status: 'revoked', reason, revocationDate, evidence };
}

interface Dated {
  readonly each: Evidence;
  readonly thisUpdate: Date;
}

function mostRecent(dated: readonly Dated[], digestOf: EvaluationInputs['digestOf']): DecidingEvidence | undefined {
  const [newest] = dated.toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime());
  return newest && { kind: kindOf(newest.each), sha256: digestOf(newest.each), thisUpdate: newest.thisUpdate };
}

/** Of the CRLs that say together that it is good, the oldest; a delta CRL renews the complete one. */
function leastRecent(dated: readonly Dated[], digestOf: EvaluationInputs['digestOf']): DecidingEvidence | undefined {
  const answers = dated.filter(({ each }) => !(each instanceof Crl && each.isDelta));
  return answers
    .flatMap((answer) => {
      const deltas = dated.filter(
        ({ each }) => answer.each instanceof Crl && each instanceof Crl && each.isDelta && isDeltaOf(each, answer.each),
      );
      return mostRecent([answer, ...deltas], digestOf) ?? [];
    })
    .toSorted((one, other) => one.thisUpdate.getTime() - other.thisUpdate.getTime())[0];
}

function kindOf(evidence: Evidence): DecidingEvidence['kind'] {
  return evidence instanceof Crl ? 'CRL' : 'OCSP response';
}

function thisUpdateOf(evidence: Evidence, certificate: DerCertificate, issuer: DerCertificate | undefined): Date {
  if (evidence instanceof Crl) return evidence.thisUpdate;
  const validity = issuer && ocspValidity(evidence, certIdOf(certificate, issuer));
  return validity?.thisUpdate ?? evidence.producedAt;
}

function openStatus(certificate: DerCertificate, issuer: DerCertificate | undefined): OpenStatus[] {
  const sources = sourcesOf(certificate);
  if (issuer === undefined || sources.length === 0) return [];
  return [{ certificate: certificate.sha256.toString('hex'), issuer: issuer.sha256.toString('hex'), sources }];
}
