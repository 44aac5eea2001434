import { formatInstant } from '../common/instant.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { findPath } from '../x509/path/find-path.js';
import { productionParameters } from '../x509/path/path-parameters.js';
import type { PathReason, PathResult, Problem } from '../x509/path/path-result.js';
import { prepareAnchors } from '../x509/path/prepared-anchors.js';
import { REASON_TEXTS } from '../x509/path/reason-texts.js';
import { certificateFields, findingsOf, pathCertificate } from './certificate-fields.js';
import { type ExplainedPath, type Explanation, type Remark, sentence } from './explanation.js';

export interface TrustedCertificates {
  readonly anchors: readonly DerCertificate[];
  readonly intermediates: readonly DerCertificate[];
}

interface Circumstances {
  readonly time: Date;
  /** Certificates that came with the leaf. */
  readonly chain: readonly DerCertificate[];
  /** An upload has only the intermediates of the set (14.1). */
  readonly isUpload: boolean;
}

/** Whether a path from one of the anchors leads to the leaf, with the parameters of a server (12.3). */
export function explainOffline(
  leaf: DerCertificate,
  { anchors, intermediates }: TrustedCertificates,
  { time, chain, isUpload }: Circumstances,
): Explanation {
  const set = prepareAnchors(anchors, isUpload ? intermediates : [...intermediates, ...chain]);
  const result = findPath(leaf, set, productionParameters(time));
  return {
    verdict: result.proven ? 'accepted' : 'refused',
    because: result.proven ? 'A path leads to it from an anchor.' : sentence(remarkOf(result)),
    path: explainedPath(result),
    revocation: undefined,
    rules: [],
    certificate: certificateFields(leaf),
    findings: findingsOf(leaf),
    remedies: result.proven ? [] : remediesFor(result.reason, anchors.length === 0),
    notes: [
      `Checked for ${formatInstant(time)}: only the path, neither revocation nor the rules of a policy. Nothing was fetched.`,
      ...notesOnChain(result, chain, isUpload),
    ],
  };
}

/** What is not a certificate is refused everywhere. */
export function explainUnreadable(message: string): Explanation {
  return {
    verdict: 'refused',
    because: message,
    path: undefined,
    revocation: undefined,
    rules: [],
    certificate: [],
    findings: [],
    remedies: ['Export the certificate again, or have it issued again.'],
    notes: [],
  };
}

function notesOnChain(result: PathResult, chain: readonly DerCertificate[], isUpload: boolean): readonly string[] {
  if (chain.length > 0 && isUpload) return ['The other certificates of the file were ignored, as for an upload.'];
  const isNeeded = result.proven && chain.some((certificate) => result.path.includes(certificate));
  return isNeeded
    ? ['The path needs other certificates of the file. For an upload, they have to be intermediates of the set.']
    : [];
}

function explainedPath(result: PathResult): ExplainedPath {
  const { certificates, rejections } = result.proven ? { certificates: result.path, rejections: [] } : result.attempt;
  const findings = result.proven ? result.findings : [];
  return {
    proven: result.proven,
    certificates: certificates.map(pathCertificate),
    rejected: rejections.map((rejection) => ({ ...pathCertificate(rejection.certificate), ...remarkOf(rejection) })),
    findings: findings.map(({ certificate, detail, section }) => {
      return { fingerprint: pathCertificate(certificate).fingerprint, code: undefined, detail, section };
    }),
    omitted: 0,
  };
}

function remarkOf({ reason, detail, section }: Problem): Remark {
  return { code: reason, detail, section };
}

function remediesFor(reason: PathReason, isNothingTrusted: boolean): readonly string[] {
  return isNothingTrusted && reason === 'issuerNotFound'
    ? ['Nothing is trusted yet: name the folder with the certificates of your CAs with --anchors.']
    : [REASON_TEXTS[reason].remedy];
}
