import type { RevocationMode } from '../policies/certificate-policy.model.js';
import type { RevocationEvidence } from '../trust/revocation/wanted-evidence.model.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { findPath } from '../x509/path/find-path.js';
import type { PathParameters } from '../x509/path/path-parameters.js';
import type { ProvenPath, Rejection } from '../x509/path/path-result.js';
import type { PreparedAnchors } from '../x509/path/prepared-anchors.js';
import { crlSet } from '../x509/revocation/crl-set.js';
import { RevocationCheck } from '../x509/revocation/revocation-check.js';

/** The paths of a certificate, and the evidence at hand about their revocation. */
export interface RevocationSearch {
  readonly leaf: DerCertificate;
  readonly set: PreparedAnchors;
  readonly parameters: PathParameters;
  readonly mode: RevocationMode;
  readonly evidence: Pick<RevocationEvidence, 'crls' | 'ocsp'>;
  /** Of the evidence. It may be later than that of the path, because fetching takes time. */
  readonly time: Date;
}

type Path = readonly DerCertificate[];

/** Of every certificate of a proven path but the anchor, from the leaf upwards. */
export function statusesOf(search: RevocationSearch, path: Path) {
  return checkOf(search).statusesOf(path);
}

/** A path that the evidence does not refuse. */
export function findAcceptedPath(search: RevocationSearch): ProvenPath | undefined {
  const check = checkOf(search);
  return find(search, (path) => check.accept(path));
}

/** Another path than the refused one. Its certificates may be unknown, because they have not been asked about. */
export function findOtherPath(search: RevocationSearch, refused: Path): ProvenPath | undefined {
  const check = checkOf({ ...search, mode: 'soft' });
  return find(search, (path) => (isSame(path, refused) ? refusedAlready(search) : check.accept(path)));
}

function find({ leaf, set, parameters }: RevocationSearch, accept: (path: Path) => Rejection | undefined) {
  const result = findPath(leaf, set, { ...parameters, accept });
  return result.proven ? result : undefined;
}

function checkOf({ set, parameters, mode, evidence, time }: RevocationSearch): RevocationCheck {
  const { crls, ocsp } = evidence;
  return new RevocationCheck({ crls: crlSet(crls), ocsp, mode, set, parameters: { ...parameters, time } });
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((certificate, index) => certificate === other[index]);
}

const refusedAlready = ({ leaf }: RevocationSearch): Rejection => ({
  certificate: leaf,
  reason: 'revocationUnknown',
  section: 'RFC 5280 section 6.3.3',
  detail: 'The path has been refused already.',
});
