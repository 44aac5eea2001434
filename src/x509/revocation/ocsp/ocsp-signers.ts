import { hash } from 'node:crypto';

import type { DerCertificate } from '../../certificate/der-certificate.js';
import { keyPurposes } from '../../certificate/key-purposes.js';
import { nameKey } from '../../name/compare-names.js';
import { Budget } from '../../path/budget.js';
import { checkLeaf } from '../../path/certificate-checks.js';
import type { PathParameters } from '../../path/path-parameters.js';
import type { PreparedAnchors } from '../../path/prepared-anchors.js';
import { PreparedCertificate } from '../../path/prepared-certificate.js';
import { isSignedWith } from '../../path/signed-data.js';
import type { WorkingKey } from '../../path/working-key.js';
import type { RevocationStatus } from '../revocation-status.js';
import { SEARCH_STEPS, type Steps } from '../steps.js';
import { closest, EXHAUSTED, type UnknownCause } from '../unknown-cause.js';
import { workingKeyOf } from '../working-key-of.js';
import { ocspNoCheck } from './ocsp-no-check.js';
import type { OcspResponse, ResponderId } from './ocsp-response.js';

type Path = readonly DerCertificate[];

/** Of the first certificate of a path, from CRLs alone. */
export type StatusByCrl = (path: Path, inProgress: ReadonlySet<DerCertificate>) => RevocationStatus;

const OCSP_SIGNING = keyPurposes.get('OCSPSigning') ?? '';

interface SignerInputs {
  readonly set: PreparedAnchors;
  readonly parameters: PathParameters;
}

/** RFC 6960 section 4.2.2.2: whose key made the signature of a response, and whether it may. */
export class OcspSigners {
  readonly #set: PreparedAnchors;
  readonly #parameters: PathParameters;

  constructor(
    { set, parameters }: SignerInputs,
    private readonly steps: Steps,
    private readonly statusByCrl: StatusByCrl,
  ) {
    this.#set = set;
    this.#parameters = { ...parameters, eku: [OCSP_SIGNING], leafKeyUsage: ['digitalSignature'] };
  }

  /**
   * Undefined if the issuer of the first certificate of the path has signed the response, or somebody whom that issuer,
   * and no other, has certified for it.
   */
  findUnproven(response: OcspResponse, path: Path, inProgress: ReadonlySet<DerCertificate>): UnknownCause | undefined {
    const [certificate, issuer] = path;
    const key = workingKeyOf(path.slice(1), this.#set);
    if (certificate === undefined || issuer === undefined || key === undefined) return NOT_CERTIFIED;
    let cause = NOT_CERTIFIED;
    if (isNamed(response.responderId, issuer)) {
      if (!this.steps.take(SEARCH_STEPS)) return EXHAUSTED;
      if (isSignedWith(response, key)) return undefined;
      cause = BAD_SIGNATURE;
    }
    for (const delegate of response.certificates) {
      if (!isNamed(response.responderId, delegate)) continue;
      if (!this.steps.take(SEARCH_STEPS)) return EXHAUSTED;
      const problem =
        this.#findUncertified(delegate, issuer, key, response) ??
        this.#findRevoked([delegate, ...path.slice(1)], new Set([...inProgress, certificate]));
      if (problem === undefined) return undefined;
      cause = closest(cause, problem);
    }
    return cause;
  }

  #findUncertified(
    delegate: DerCertificate,
    issuer: DerCertificate,
    key: WorkingKey,
    response: OcspResponse,
  ): UnknownCause | undefined {
    const prepared = new PreparedCertificate(delegate, false);
    const isIssued = prepared.issuerKey === (issuer.subject && nameKey(issuer.subject)) && prepared.checkSignature(key);
    if (!isIssued) return NOT_CERTIFIED;
    // Before its key is used: the checks refuse keys that are weak or costly.
    const problem = checkLeaf(prepared, this.#parameters, new Budget());
    if (problem !== undefined) {
      const detail = `The certificate of the OCSP responder does not count. ${problem.detail}`;
      return { code: 'ocspDelegate', section: problem.section, detail };
    }
    if (delegate.extendedKeyUsage?.has(OCSP_SIGNING) !== true) return NO_OCSP_SIGNING;
    const own = prepared.workingKey(key.dsaParameters);
    return own !== undefined && isSignedWith(response, own) ? undefined : BAD_SIGNATURE;
  }

  /** @param path - of the delegate */
  #findRevoked(path: Path, inProgress: ReadonlySet<DerCertificate>): UnknownCause | undefined {
    const [delegate] = path;
    if ([...inProgress].some(({ der }) => delegate?.der.equals(der))) return CIRCULAR;
    const status = this.statusByCrl(path, inProgress);
    if (status.status === 'good') return undefined;
    if (status.status === 'unknown' && status.code === 'budget') return EXHAUSTED;
    // A CRL at hand that revokes it is believed all the same.
    return status.status === 'unknown' && delegate?.extension(ocspNoCheck) === true ? undefined : NOT_CLEARED;
  }
}

function isNamed(responderId: ResponderId, { subject, structure }: DerCertificate): boolean {
  if (responderId.kind === 'byName') return subject !== undefined && nameKey(subject) === responderId.name;
  return hash('sha1', structure.subjectPublicKey, 'buffer').equals(responderId.keyHash);
}

const NOT_CERTIFIED = unproven(
  'ocspSigner',
  'The OCSP responder is neither the issuer of the certificate nor certified by it.',
);
const NO_OCSP_SIGNING = unproven(
  'ocspDelegate',
  'The certificate of the OCSP responder does not name the purpose OCSPSigning.',
);
const NOT_CLEARED = unproven('ocspDelegate', 'The certificate of the OCSP responder is revoked, or that is not known.');
const CIRCULAR = unproven('ocspDelegate', 'The certificate of the OCSP responder depends on the OCSP response itself.');

function unproven(code: UnknownCause['code'], detail: string): UnknownCause {
  return { code, section: 'RFC 6960 section 4.2.2.2', detail };
}

const BAD_SIGNATURE: UnknownCause = {
  code: 'ocspSignature',
  section: 'RFC 6960 section 3.2 (2)',
  detail: 'The signature of the OCSP response was not made with the key of its responder.',
};
