import { formatInstant } from '../common/instant.js';
import { printable } from '../common/printable.js';
import type { FailedSource } from '../trust/revocation/wanted-evidence.model.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { RevocationReason } from '../x509/revocation/crl-entry.js';
import type { Crl } from '../x509/revocation/crl.js';
import type { RevocationSource } from '../x509/revocation/revocation-source.js';
import type { RevocationStatus, StatusEvidence } from '../x509/revocation/revocation-status.js';
import { sourcesOf } from '../x509/revocation/sources-of.js';
import type { UnknownCause } from '../x509/revocation/unknown-cause.js';
import { type FingerprintAlgorithm, type PathCertificate, shownCertificate } from './path-outcome.js';

/** What was found out about a certificate of a proven path. */
export interface CheckedCertificate {
  readonly certificate: DerCertificate;
  readonly status: RevocationStatus;
  /** Its sources that gave nothing, and those that were not asked. */
  readonly failed: readonly FailedSource[];
}

/** Every certificate of a path but the anchor, from the leaf upwards. */
export type CheckedRevocation = readonly CheckedCertificate[];

/** A CRL or an OCSP response that a status rests on. */
export interface ShownSource {
  readonly kind: RevocationSource['kind'];
  /** The URL of the responder, or the issuer and the number of the CRL. */
  readonly name: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | undefined;
}

export interface ShownFailure {
  readonly kind: RevocationSource['kind'];
  readonly url: string;
  readonly detail: string;
}

/** What is known about a certificate of the path (contract 13.5). Its texts are made printable, and shortened. */
export interface CertificateEvidence extends Pick<PathCertificate, 'subjectDN' | 'fingerprint'> {
  readonly status: RevocationStatus['status'];
  /** Of a revoked certificate. */
  readonly reason: RevocationReason | undefined;
  readonly revocationDate: string | undefined;
  /** Of an unknown status. */
  readonly code: UnknownCause['code'] | undefined;
  readonly section: string | undefined;
  readonly detail: string | undefined;
  readonly sources: readonly ShownSource[];
  /** The sources that have given nothing, and those that were not asked. */
  readonly failed: readonly ShownFailure[];
}

/** Of a certificate. */
const MAX_SOURCES = 8;

export function shownEvidence(
  checked: CheckedRevocation,
  fingerprints: FingerprintAlgorithm,
): readonly CertificateEvidence[] {
  return checked.map(({ certificate, status, failed }) => {
    const { subjectDN, fingerprint } = shownCertificate(certificate, fingerprints);
    const [revoked, unknown] = [
      status.status === 'revoked' ? status : undefined,
      status.status === 'unknown' ? status : undefined,
    ];
    return {
      subjectDN,
      fingerprint,
      status: status.status,
      reason: revoked?.reason,
      revocationDate: revoked?.revocationDate && formatInstant(revoked.revocationDate),
      code: unknown?.code,
      section: unknown?.section,
      detail: unknown?.detail,
      sources: distinct(status.evidence)
        .slice(0, MAX_SOURCES)
        .map((evidence) => shownSource(evidence, certificate)),
      failed: failed.slice(0, MAX_SOURCES).map(({ source: { kind, url }, detail }) => {
        return { kind, url: printable(url), detail: printable(detail) };
      }),
    };
  });
}

/** A CRL may count for several distribution points. */
function distinct(evidence: readonly StatusEvidence[]): readonly StatusEvidence[] {
  return [...new Map(evidence.map((one) => [one.kind === 'crl' ? one.crl : one.answer, one])).values()];
}

function shownSource(evidence: StatusEvidence, certificate: DerCertificate): ShownSource {
  const [name, { thisUpdate, nextUpdate }] =
    evidence.kind === 'crl'
      ? [nameOfCrl(evidence.crl), evidence.crl]
      : [respondersOf(certificate).join(' or '), evidence.answer];
  return {
    kind: evidence.kind,
    name: printable(name),
    thisUpdate: formatInstant(thisUpdate),
    nextUpdate: nextUpdate && formatInstant(nextUpdate),
  };
}

function nameOfCrl({ structure: { issuer }, number }: Crl): string {
  return `${formatName(issuer)}${number === undefined ? '' : `, number ${number}`}`;
}

function respondersOf(certificate: DerCertificate): readonly string[] {
  return sourcesOf(certificate).flatMap(({ kind, url }) => (kind === 'ocsp' ? url : []));
}
