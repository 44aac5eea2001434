import type { DerCertificate } from '../certificate/der-certificate.js';
import { cRLDistributionPoints, type DistributionPoint } from '../certificate/extensions/distribution-points.js';
import { nameKey } from '../name/compare-names.js';
import type { PathParameters } from '../path/path-parameters.js';
import type { PathReason, Rejection } from '../path/path-result.js';
import type { PreparedAnchors } from '../path/prepared-anchors.js';
import type { WorkingKey } from '../path/working-key.js';
import type { CrlEntry } from './crl-entry.js';
import { ALL_REASONS, findOutOfScope, isDeltaOf, type ReasonsMask, reasonsOf } from './crl-scope.js';
import type { CrlSet } from './crl-set.js';
import { CrlSigners } from './crl-signers.js';
import type { Crl } from './crl.js';
import { crlIssuers, pointsOf } from './distribution-names.js';
import type { OcspResponse } from './ocsp/ocsp-response.js';
import type { RevocationStatus, StatusEvidence } from './revocation-status.js';
import { SEARCH_STEPS, Steps } from './steps.js';
import { UNKNOWN_CODES, type UnknownCause } from './unknown-cause.js';

export interface RevocationInputs {
  readonly crls: CrlSet;
  readonly ocsp: readonly OcspResponse[];
  /** `soft`: an unknown status passes (13.1). */
  readonly mode: 'soft' | 'hard';
  /** Where the certificates of CRL issuers are. */
  readonly set: PreparedAnchors;
  readonly parameters: PathParameters;
}

/** From the certificate that is asked about, upwards to the anchor. */
type Path = readonly DerCertificate[];

export interface CertificateStatus {
  readonly certificate: DerCertificate;
  readonly status: RevocationStatus;
}

/** What one usable CRL, with its delta CRL, says about a certificate. */
interface CrlAnswer {
  readonly evidence: readonly StatusEvidence[];
  /** Undefined: not revoked. */
  readonly entry: CrlEntry | undefined;
}

/** RFC 5280 section 6.3.3 for the certificates of a path; one check is for one search. */
export class RevocationCheck {
  readonly #steps = new Steps();
  readonly #signers: CrlSigners;

  constructor(private readonly inputs: RevocationInputs) {
    this.#signers = new CrlSigners(inputs.set, inputs.parameters, (path, inProgress) => this.#refuse(path, inProgress));
  }

  /** For `PathParameters.accept`. From the anchor downwards: a CRL counts only if its issuer does. */
  accept(path: Path): Rejection | undefined {
    return this.#refuse(path, new Set());
  }

  /** Of the first certificate of a path. */
  statusOf(path: Path): RevocationStatus {
    return this.#statusOf(path, new Set());
  }

  /** Of every certificate of a proven path but the anchor, from the first one upwards. */
  statusesOf(path: Path): readonly CertificateStatus[] {
    return path.slice(0, -1).map((certificate, index) => ({ certificate, status: this.statusOf(path.slice(index)) }));
  }

  #refuse(path: Path, inProgress: ReadonlySet<DerCertificate>): Rejection | undefined {
    for (let index = path.length - 2; index >= 0; index -= 1) {
      const upwards = path.slice(index);
      const rejection = rejectionFor(upwards, this.#statusOf(upwards, inProgress), this.inputs.mode);
      if (rejection !== undefined) return rejection;
    }
    return undefined;
  }

  #statusOf(path: Path, inProgress: ReadonlySet<DerCertificate>): RevocationStatus {
    const [certificate] = path;
    const issuerKey = certificate?.issuer && nameKey(certificate.issuer);
    if (certificate === undefined || issuerKey === undefined) return { status: 'unknown', ...MISSING, evidence: [] };
    let mask: ReasonsMask = 0;
    let cause = MISSING;
    const evidence: StatusEvidence[] = [];
    // Every CRL is asked, also when the reasons are complete: any usable `revoked` wins (13.2).
    for (const point of pointsOf(certificate, certificate.extension(cRLDistributionPoints) ?? [])) {
      for (const crl of this.#crlsFor(point, certificate)) {
        if (!this.#steps.take()) return { status: 'unknown', ...EXHAUSTED, evidence };
        const answer = this.#ask(crl, point, path, new Set([...inProgress, certificate]));
        if ('code' in answer) {
          cause = closest(cause, answer);
        } else if (answer.entry === undefined) {
          // (l)
          mask |= reasonsOf(crl, point);
          evidence.push(...answer.evidence);
        } else {
          const { reason, revocationDate } = answer.entry;
          return { status: 'revoked', reason, revocationDate, evidence: answer.evidence };
        }
      }
    }
    if (mask === ALL_REASONS) return { status: 'good', evidence: [...new Set(evidence)] };
    return { status: 'unknown', ...(mask === 0 ? cause : closest(cause, SOME_REASONS)), evidence };
  }

  #crlsFor(point: DistributionPoint, certificate: DerCertificate): readonly Crl[] {
    return crlIssuers(point, certificate).flatMap((name) => this.inputs.crls.complete.get(nameKey(name)) ?? []);
  }

  /** Steps (b) to (k) for one complete CRL. */
  #ask(
    crl: Crl,
    point: DistributionPoint,
    path: Path,
    inProgress: ReadonlySet<DerCertificate>,
  ): CrlAnswer | UnknownCause {
    const { parameters } = this.inputs;
    const [certificate] = path;
    const issuerKey = certificate?.issuer && nameKey(certificate.issuer);
    if (certificate === undefined || issuerKey === undefined) return MISSING;
    const problem =
      crl.findUnusable(parameters) ?? findOutOfScope(crl, point, certificate) ?? crl.findNotCurrent(parameters);
    if (problem !== undefined) return problem;
    // (f) and (g)
    if (!this.#steps.take(SEARCH_STEPS)) return EXHAUSTED;
    const signer = this.#signers.find(crl, { path, mayAnswerForItself: point.cRLIssuer !== undefined, inProgress });
    if ('code' in signer) return signer;
    // (c) and (h)
    const delta = this.#deltaOf(crl, signer);
    // (i) and (j)
    const serialNumber = certificate.structure.serialNumber;
    const entry = delta?.find(issuerKey, serialNumber) ?? crl.find(issuerKey, serialNumber);
    // (k)
    const isRevoked = entry !== undefined && entry.reason !== 'removeFromCRL';
    return {
      evidence: [crl, ...(delta === undefined ? [] : [delta])].map((one) => ({ kind: 'crl', crl: one })),
      entry: isRevoked ? entry : undefined,
    };
  }

  /** The newest one: every delta CRL holds all that has changed since the complete one. */
  #deltaOf(crl: Crl, signer: WorkingKey): Crl | undefined {
    const { crls, parameters } = this.inputs;
    return (crls.delta.get(crl.issuerKey) ?? [])
      .filter(
        (delta) =>
          isDeltaOf(delta, crl) &&
          (delta.findUnusable(parameters) ?? delta.findNotCurrent(parameters)) === undefined &&
          this.#steps.take() &&
          delta.isSignedWith(signer),
      )
      .reduce<Crl | undefined>((newest, delta) => (isNewer(delta, newest) ? delta : newest), undefined);
  }
}

function isNewer({ number = 0n }: Crl, other: Crl | undefined): boolean {
  return other === undefined || number > (other.number ?? 0n);
}

const MISSING: UnknownCause = {
  code: 'crlMissing',
  section: 'RFC 5280 section 6.3.3',
  detail: 'There is no CRL of an issuer that is responsible for the certificate.',
};

const SOME_REASONS: UnknownCause = {
  code: 'crlReasons',
  section: 'RFC 5280 section 6.3.3 (l)',
  detail: 'The CRLs do not cover all reasons for a revocation.',
};

const EXHAUSTED: UnknownCause = {
  code: 'budget',
  section: 'RFC 5280 section 6.3.3',
  detail: 'The check of revocation took more steps than are allowed.',
};

function closest(one: UnknownCause, other: UnknownCause): UnknownCause {
  return UNKNOWN_CODES.indexOf(other.code) > UNKNOWN_CODES.indexOf(one.code) ? other : one;
}

/** 13.1; 12.2: what exceeds a bound is refused in both modes. */
function rejectionFor(
  [certificate]: Path,
  status: RevocationStatus,
  mode: RevocationInputs['mode'],
): Rejection | undefined {
  if (certificate === undefined || status.status === 'good') return undefined;
  if (status.status === 'revoked') {
    return {
      certificate,
      reason: 'revoked',
      section: 'RFC 5280 section 6.3.3',
      detail: 'Its issuer has revoked it.',
    };
  }
  const { code, section, detail } = status;
  if (mode === 'soft' && code !== 'budget') return undefined;
  const reason: PathReason = code === 'budget' ? 'budget' : 'revocationUnknown';
  return { certificate, reason, section, detail };
}
