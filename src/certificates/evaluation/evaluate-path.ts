import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { findPath } from '../../x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../../x509/path/path-parameters.js';
import type { PreparedAnchors } from '../../x509/path/prepared-anchors.js';
import { issuingDistributionPoint } from '../../x509/revocation/crl-extensions.js';
import type { CrlSet } from '../../x509/revocation/crl-set.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { RevocationCheck } from '../../x509/revocation/revocation-check.js';
import type { RevocationStatus, StatusEvidence } from '../../x509/revocation/revocation-status.js';
import type { CertificateStatus, DecidingEvidence } from './certificate-status.model.js';
import type { EvaluatedCertificate } from './evaluation-message.js';
import { namedSources } from './named-sources.js';

type Path = readonly DerCertificate[];
/** In lower-case hex. */
type DigestOf = (evidence: Crl | OcspResponse) => string;

export interface EvaluationInputs {
  readonly set: PreparedAnchors;
  readonly crls: CrlSet;
  readonly ocsp: readonly OcspResponse[];
  readonly digestOf: DigestOf;
  readonly time: Date;
}

const UNPROVEN: EvaluatedCertificate = { path: { kind: 'unproven' }, named: [] };
const UNDECIDED: EvaluatedCertificate = { path: { kind: 'undecided' }, named: [] };

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
  const certificates = statuses.map(({ certificate, status }) => statusOf(certificate, status, inputs.digestOf));
  const named = statuses.flatMap(({ certificate, status }, index) =>
    namedSources(certificate, status, path[index + 1]),
  );
  return { path: { kind, certificates }, named };
}

function statusOf(certificate: DerCertificate, status: RevocationStatus, digestOf: DigestOf): CertificateStatus {
  const sha256 = certificate.sha256.toString('hex');
  switch (status.status) {
    case 'unknown':
      return { sha256, status: 'unknown' };
    case 'good':
      return { sha256, status: 'good', evidence: leastRecent(status.evidence, digestOf) };
    default: {
      const { reason, revocationDate } = status;
      return { sha256, status: 'revoked', reason, revocationDate, evidence: mostRecent(status.evidence, digestOf) };
    }
  }
}

function mostRecent(evidence: readonly StatusEvidence[], digestOf: DigestOf): DecidingEvidence | undefined {
  return evidence
    .map((each) => noteOf(each, digestOf))
    .toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime())[0];
}

/**
 * Of those that say together that it is good, the oldest. Of a CRL, the newest of the same scope counts: a delta CRL, or a
 * complete one that has replaced it.
 */
function leastRecent(evidence: readonly StatusEvidence[], digestOf: DigestOf): DecidingEvidence | undefined {
  return evidence
    .flatMap(
      (each) =>
        mostRecent(
          evidence.filter((other) => isOfScope(other, each)),
          digestOf,
        ) ?? [],
    )
    .toSorted((one, other) => one.thisUpdate.getTime() - other.thisUpdate.getTime())[0];
}

function isOfScope(other: StatusEvidence, one: StatusEvidence): boolean {
  if (one.kind === 'ocsp' || other.kind === 'ocsp') return one === other;
  return one.crl.issuerKey === other.crl.issuerKey && one.crl.hasSameValue(issuingDistributionPoint, other.crl);
}

function noteOf(evidence: StatusEvidence, digestOf: DigestOf): DecidingEvidence {
  return evidence.kind === 'crl'
    ? { kind: 'CRL', sha256: digestOf(evidence.crl), thisUpdate: evidence.crl.thisUpdate }
    : { kind: 'OCSP response', sha256: digestOf(evidence.response), thisUpdate: evidence.answer.thisUpdate };
}
