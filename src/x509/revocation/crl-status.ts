import type { DerCertificate } from '../certificate/der-certificate.js';
import { cRLDistributionPoints, type DistributionPoint } from '../certificate/extensions/distribution-points.js';
import { nameKey } from '../name/compare-names.js';
import type { PathParameters } from '../path/path-parameters.js';
import type { Rejection } from '../path/path-result.js';
import type { PreparedAnchors } from '../path/prepared-anchors.js';
import type { WorkingKey } from '../path/working-key.js';
import type { CrlEntry } from './crl-entry.js';
import { ALL_REASONS, findOutOfScope, isDeltaOf, type ReasonsMask, reasonsOf } from './crl-scope.js';
import type { CrlSet } from './crl-set.js';
import { CrlSigners } from './crl-signers.js';
import type { Crl } from './crl.js';
import { crlIssuers, pointsOf } from './distribution-names.js';
import type { RevocationStatus, Revoked, StatusEvidence } from './revocation-status.js';
import { SEARCH_STEPS, type Steps } from './steps.js';
import { closest, EXHAUSTED, MISSING, type UnknownCause } from './unknown-cause.js';

export interface CrlInputs {
  readonly crls: CrlSet;
  /** Where the certificates of CRL issuers are. */
  readonly set: PreparedAnchors;
  readonly parameters: PathParameters;
}

/** From the certificate that is asked about, upwards to the anchor. */
type Path = readonly DerCertificate[];

/** What one usable CRL, with its delta CRL, says about a certificate. */
interface CrlAnswer {
  readonly evidence: readonly StatusEvidence[];
  /** Undefined: not revoked. */
  readonly entry: CrlEntry | undefined;
}

/** RFC 5280 section 6.3.3. */
export class CrlStatus {
  readonly #signers: CrlSigners;

  /** @param refuse - see CrlSigners */
  constructor(
    private readonly inputs: CrlInputs,
    private readonly steps: Steps,
    refuse: (path: Path, inProgress: ReadonlySet<DerCertificate>) => Rejection | undefined,
  ) {
    this.#signers = new CrlSigners(inputs.set, inputs.parameters, refuse);
  }

  /** Of the first certificate of a path, from CRLs alone. `inProgress`: certificates whose status is being found out. */
  of(path: Path, inProgress: ReadonlySet<DerCertificate>): RevocationStatus {
    const [certificate] = path;
    if (certificate === undefined) return { status: 'unknown', ...MISSING, evidence: [] };
    let mask: ReasonsMask = 0;
    let cause = MISSING;
    let held: Revoked | undefined;
    const evidence: StatusEvidence[] = [];
    // Every CRL is asked, also when the reasons are complete: any usable `revoked` wins (13.2).
    for (const point of pointsOf(certificate, certificate.extension(cRLDistributionPoints) ?? [])) {
      for (const crl of this.#crlsFor(point, certificate)) {
        const answer = this.#ask(crl, point, path, new Set([...inProgress, certificate]));
        if ('code' in answer) {
          if (answer === EXHAUSTED) return held ?? { status: 'unknown', ...EXHAUSTED, evidence };
          cause = closest(cause, answer);
        } else if (answer.entry === undefined) {
          // (l)
          mask |= reasonsOf(crl, point);
          evidence.push(...answer.evidence);
        } else {
          const { reason, revocationDate } = answer.entry;
          const revoked: Revoked = { status: 'revoked', reason, revocationDate, evidence: answer.evidence };
          // A hold may be lifted, and must not hide a reason that is for ever.
          if (reason !== 'certificateHold') return revoked;
          held ??= revoked;
        }
      }
    }
    if (held !== undefined) return held;
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
    if (!this.steps.take()) return EXHAUSTED;
    const problem =
      crl.findUnusable(parameters) ?? findOutOfScope(crl, point, certificate) ?? crl.findNotCurrent(parameters);
    if (problem !== undefined) return problem;
    // (f) and (g)
    if (!this.steps.take(SEARCH_STEPS)) return EXHAUSTED;
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
          this.steps.take() &&
          delta.isSignedWith(signer),
      )
      .reduce<Crl | undefined>((newest, delta) => (isNewer(delta, newest) ? delta : newest), undefined);
  }
}

function isNewer({ number = 0n }: Crl, other: Crl | undefined): boolean {
  return other === undefined || number > (other.number ?? 0n);
}

const SOME_REASONS: UnknownCause = {
  code: 'crlReasons',
  section: 'RFC 5280 section 6.3.3 (l)',
  detail: 'The CRLs do not cover all reasons for a revocation.',
};
