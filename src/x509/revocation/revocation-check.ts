import type { DerCertificate } from '../certificate/der-certificate.js';
import type { PathReason, Rejection } from '../path/path-result.js';
import { type CrlInputs, CrlStatus } from './crl-status.js';
import type { OcspResponse } from './ocsp/ocsp-response.js';
import { OcspStatus } from './ocsp/ocsp-status.js';
import type { RevocationStatus } from './revocation-status.js';
import { Steps } from './steps.js';
import { closest, MISSING, type UnknownCause } from './unknown-cause.js';

export interface RevocationInputs extends CrlInputs {
  readonly ocsp: readonly OcspResponse[];
  /** `soft`: an unknown status passes (13.1). */
  readonly mode: 'soft' | 'hard';
}

/** From the certificate that is asked about, upwards to the anchor. */
type Path = readonly DerCertificate[];
type InProgress = ReadonlySet<DerCertificate>;

export interface CertificateStatus {
  readonly certificate: DerCertificate;
  readonly status: RevocationStatus;
}

/** Revocation by CRLs and OCSP for the certificates of a path (13.2); one check is for one search. */
export class RevocationCheck {
  readonly #crl: CrlStatus;
  readonly #ocsp: OcspStatus;
  /** By path, so that whoever asks again gets the same status, and it costs no steps. */
  readonly #known = new Map<string, RevocationStatus>();

  constructor(private readonly inputs: RevocationInputs) {
    const steps = new Steps();
    this.#crl = new CrlStatus(inputs, steps, (path, inProgress) => this.#refuse(path, inProgress));
    this.#ocsp = new OcspStatus(inputs, steps, (path, inProgress) => this.#crl.of(path, inProgress));
  }

  /** For `PathParameters.accept`. From the anchor downwards: an issuer's word counts only if it is not revoked itself. */
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

  #refuse(path: Path, inProgress: InProgress): Rejection | undefined {
    for (let index = path.length - 2; index >= 0; index -= 1) {
      const upwards = path.slice(index);
      const rejection = rejectionFor(upwards, this.#statusOf(upwards, inProgress), this.inputs.mode);
      if (rejection !== undefined) return rejection;
    }
    return undefined;
  }

  #statusOf(path: Path, inProgress: InProgress): RevocationStatus {
    if (inProgress.size > 0) return this.#ask(path, inProgress);
    const key = path.map(({ sha256 }) => sha256.toString('latin1')).join('');
    const status = this.#known.get(key) ?? this.#ask(path, inProgress);
    this.#known.set(key, status);
    return status;
  }

  #ask(path: Path, inProgress: InProgress): RevocationStatus {
    return combine(this.#ocsp.of(path, inProgress), this.#crl.of(path, inProgress));
  }
}

/** 13.2: any usable `revoked` wins, one that is for ever before a hold; then either that is good. */
function combine(...both: readonly [ocsp: RevocationStatus, crl: RevocationStatus]): RevocationStatus {
  const revoked = both.filter((one) => one.status === 'revoked');
  const decisive =
    revoked.find(({ reason }) => reason !== 'certificateHold') ??
    revoked[0] ??
    both.find(isOutOfSteps) ??
    both.find(({ status }) => status === 'good');
  if (decisive !== undefined) return decisive;
  const { code, section, detail } = both
    .filter((one) => one.status === 'unknown')
    .reduce<UnknownCause>((cause, other) => closest(cause, other), MISSING);
  return { status: 'unknown', code, section, detail, evidence: both.flatMap(({ evidence }) => evidence) };
}

/** What was not asked any more might have said `revoked`. */
function isOutOfSteps(status: RevocationStatus): boolean {
  return status.status === 'unknown' && status.code === 'budget';
}

/** 13.1; 12.2: what exceeds a bound is refused in both modes. */
function rejectionFor(
  [certificate]: Path,
  status: RevocationStatus,
  mode: RevocationInputs['mode'],
): Rejection | undefined {
  if (certificate === undefined || status.status === 'good') return undefined;
  if (status.status === 'revoked') {
    const isByOcsp = status.evidence[0]?.kind === 'ocsp';
    const section = isByOcsp ? 'RFC 6960 section 2.2' : 'RFC 5280 section 6.3.3';
    return { certificate, reason: 'revoked', section, detail: 'Its issuer has revoked it.' };
  }
  const { code, section, detail } = status;
  if (mode === 'soft' && code !== 'budget') return undefined;
  const reason: PathReason = code === 'budget' ? 'budget' : 'revocationUnknown';
  return { certificate, reason, section, detail };
}
