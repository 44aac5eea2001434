import type { DerCertificate } from '../../certificate/der-certificate.js';
import type { PathParameters } from '../../path/path-parameters.js';
import type { PreparedAnchors } from '../../path/prepared-anchors.js';
import type { RevocationStatus, Revoked, StatusEvidence } from '../revocation-status.js';
import type { Steps } from '../steps.js';
import { closest, EXHAUSTED, MISSING, type UnknownCause } from '../unknown-cause.js';
import { findUnusableAnswer, findUnusableResponse } from './find-unusable.js';
import { isCertIdOf } from './ocsp-request.js';
import type { OcspResponse, SingleResponse } from './ocsp-response.js';
import { OcspSigners, type StatusByCrl } from './ocsp-signers.js';

interface OcspInputs {
  readonly ocsp: readonly OcspResponse[];
  readonly set: PreparedAnchors;
  readonly parameters: PathParameters;
}

/** RFC 6960 section 3.2. */
export class OcspStatus {
  readonly #signers: OcspSigners;

  constructor(
    private readonly inputs: OcspInputs,
    private readonly steps: Steps,
    statusByCrl: StatusByCrl,
  ) {
    this.#signers = new OcspSigners(inputs, steps, statusByCrl);
  }

  /** Of the first certificate of a path, from OCSP alone. `inProgress`: certificates whose status is being found out. */
  of(path: readonly DerCertificate[], inProgress: ReadonlySet<DerCertificate>): RevocationStatus {
    let cause = MISSING;
    let held: Revoked | undefined;
    const good: StatusEvidence[] = [];
    const unknown: StatusEvidence[] = [];
    // Every response is asked: any usable `revoked` wins (13.2).
    for (const { response, answers } of this.#responsesAbout(path)) {
      const usable = this.#usableAnswers(response, answers, path, inProgress);
      if ('code' in usable) {
        if (usable === EXHAUSTED) return held ?? { status: 'unknown', ...EXHAUSTED, evidence: [] };
        cause = closest(cause, usable);
        continue;
      }
      for (const answer of usable) {
        const evidence: StatusEvidence = { kind: 'ocsp', response, answer };
        if (answer.status === 'revoked') {
          const { reason = 'unspecified', revocationDate } = answer;
          const revoked: Revoked = { status: 'revoked', reason, revocationDate, evidence: [evidence] };
          // A hold may be lifted, and must not hide a reason that is for ever.
          if (reason !== 'certificateHold') return revoked;
          held ??= revoked;
        } else if (answer.status === 'good') {
          good.push(evidence);
        } else {
          cause = closest(cause, NOT_KNOWN);
          unknown.push(evidence);
        }
      }
    }
    if (held !== undefined) return held;
    return good.length > 0 ? { status: 'good', evidence: good } : { status: 'unknown', ...cause, evidence: unknown };
  }

  #responsesAbout([certificate, issuer]: readonly DerCertificate[]) {
    if (certificate === undefined || issuer === undefined) return [];
    return this.inputs.ocsp
      .map((response) => ({
        response,
        answers: response.responses.filter(({ certId }) => isCertIdOf(certId, certificate, issuer)),
      }))
      .filter(({ answers }) => answers.length > 0);
  }

  #usableAnswers(
    response: OcspResponse,
    answers: readonly SingleResponse[],
    path: readonly DerCertificate[],
    inProgress: ReadonlySet<DerCertificate>,
  ): readonly SingleResponse[] | UnknownCause {
    if (!this.steps.take()) return EXHAUSTED;
    const { parameters } = this.inputs;
    const problem = findUnusableResponse(response, parameters);
    if (problem !== undefined) return problem;
    const problems = answers.map((answer) => findUnusableAnswer(answer, parameters));
    const usable = answers.filter((_, index) => problems[index] === undefined);
    if (usable.length === 0)
      return problems.reduce<UnknownCause>((one, other = MISSING) => closest(one, other), MISSING);
    return this.#signers.findUnproven(response, path, inProgress) ?? usable;
  }
}

const NOT_KNOWN: UnknownCause = {
  code: 'ocspUnknown',
  section: 'RFC 6960 section 2.2',
  detail: 'The OCSP responder does not know the certificate.',
};
