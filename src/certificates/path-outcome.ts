import { printable } from '../common/printable.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { PathReason, PathResult } from '../x509/path/path-result.js';

export type FingerprintAlgorithm = 'sha256' | 'sha1';

/** A certificate of a path. Its texts are made printable, and shortened. */
export interface PathCertificate {
  readonly subjectDN: string | undefined;
  readonly issuerDN: string | undefined;
  readonly fingerprint: string;
  readonly serial: string;
}

export interface RejectedCertificate extends PathCertificate {
  readonly reason: PathReason;
  /** `RFC 5280 section 6.1.3 (a)(2)`. */
  readonly section: string;
  readonly detail: string;
}

export interface PathFindingOutcome {
  readonly fingerprint: string;
  readonly section: string;
  readonly detail: string;
}

/** How a path to an anchor was found, or why none was (contract 12.4). */
export interface PathOutcome {
  readonly proven: boolean;
  /** From leaf to anchor; of the best attempt if no path is proven. */
  readonly certificates: readonly PathCertificate[];
  /** The candidates that were rejected. */
  readonly rejected: readonly RejectedCertificate[];
  /** The number of rejected candidates that are left out. */
  readonly omitted: number;
  /** Violated requirements of RFC 5280 section 4 that do not refuse the path (contract 12.6). */
  readonly findings: readonly PathFindingOutcome[];
}

const MAX_REJECTED = 20;
const MAX_FINDINGS = 50;

export function shownPath(result: PathResult, fingerprints: FingerprintAlgorithm): PathOutcome {
  const certificateOf = (certificate: DerCertificate): PathCertificate => shownCertificate(certificate, fingerprints);
  if (result.proven) {
    const findings = result.findings.slice(0, MAX_FINDINGS).map(({ certificate, section, detail }) => {
      return { fingerprint: certificateOf(certificate).fingerprint, section, detail };
    });
    return { proven: true, certificates: result.path.map(certificateOf), rejected: [], omitted: 0, findings };
  }
  const { certificates, rejections } = result.attempt;
  const rejected = rejections.slice(0, MAX_REJECTED).map(({ certificate, reason, section, detail }) => {
    return { ...certificateOf(certificate), reason, section, detail };
  });
  const omitted = rejections.length - rejected.length;
  return { proven: false, certificates: certificates.map(certificateOf), rejected, omitted, findings: [] };
}

export function shownCertificate(certificate: DerCertificate, fingerprints: FingerprintAlgorithm): PathCertificate {
  const { subject, issuer, serial } = certificate;
  return {
    subjectDN: subject && printable(formatName(subject)),
    issuerDN: issuer && printable(formatName(issuer)),
    fingerprint: colonHex(fingerprints === 'sha1' ? certificate.sha1 : certificate.sha256),
    serial: printable(serial),
  };
}
