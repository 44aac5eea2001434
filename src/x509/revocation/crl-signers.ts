import type { DerCertificate } from '../certificate/der-certificate.js';
import { findPath } from '../path/find-path.js';
import type { PathParameters } from '../path/path-parameters.js';
import type { Rejection } from '../path/path-result.js';
import type { PreparedAnchors } from '../path/prepared-anchors.js';
import type { PreparedCertificate } from '../path/prepared-certificate.js';
import type { WorkingKey } from '../path/working-key.js';
import type { Crl } from './crl.js';
import type { UnknownCause } from './unknown-cause.js';
import { workingKeyOf } from './working-key-of.js';

type Path = readonly DerCertificate[];

/** Why the CRL is read. */
interface CrlUse {
  /** The proven path of the certificate that is asked about. */
  readonly path: Path;
  /** The certificate names the CRL issuer, so that it may be the CRL issuer's own. */
  readonly mayAnswerForItself: boolean;
  /** Certificates whose status is being found out. */
  readonly inProgress: ReadonlySet<DerCertificate>;
}

/** 12.2. */
const MAX_CANDIDATES = 32;

/** RFC 5280 section 6.3.3 (f) and (g): whose key made the signature of a CRL, and whether that issuer is proven. */
export class CrlSigners {
  readonly #parameters: PathParameters;

  /** @param refuse - why the path of a CRL issuer does not count, although it is valid: revocation */
  constructor(
    private readonly set: PreparedAnchors,
    parameters: PathParameters,
    private readonly refuse: (path: Path, inProgress: ReadonlySet<DerCertificate>) => Rejection | undefined,
  ) {
    this.#parameters = {
      ...parameters,
      eku: [],
      // "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
      leafKeyUsage: ['cRLSign'],
      initialPolicySet: 'any',
      initialExplicitPolicy: false,
      initialPolicyMappingInhibit: false,
      initialAnyPolicyInhibit: false,
    };
  }

  find(crl: Crl, use: CrlUse): WorkingKey | UnknownCause {
    let cause = NOT_FOUND;
    for (const candidate of this.#candidatesFor(crl, use.path)) {
      const key = this.#keyOf(candidate, crl, use);
      if (!('code' in key)) return key;
      if (cause.code !== 'crlSignature') cause = key;
    }
    return cause;
  }

  /** Those that are proven already first. */
  #candidatesFor(crl: Crl, path: Path): readonly PreparedCertificate[] {
    const named = this.set.issuers.get(crl.issuerKey) ?? [];
    const isInPath = ({ certificate }: PreparedCertificate) => path.includes(certificate);
    return [...named.filter(isInPath), ...named.filter((one) => !isInPath(one))].slice(0, MAX_CANDIDATES);
  }

  #keyOf({ certificate }: PreparedCertificate, crl: Crl, use: CrlUse): WorkingKey | UnknownCause {
    const { path, mayAnswerForItself, inProgress } = use;
    const index = path.findIndex(({ der }) => der.equals(certificate.der));
    if (index > 0 || (index === 0 && mayAnswerForItself)) return this.#keyInPath(path.slice(index), crl);
    return index === 0 || inProgress.has(certificate) ? CIRCULAR : this.#searchKey(certificate, crl, use);
  }

  /** The path, and whatever is above it, is proven and not revoked. */
  #keyInPath(path: Path, crl: Crl): WorkingKey | UnknownCause {
    if (path[0]?.keyUsage?.has('cRLSign') === false) return NO_CRL_SIGN;
    return this.#checkSignature(path, crl);
  }

  #searchKey(certificate: DerCertificate, crl: Crl, { path, inProgress }: CrlUse): WorkingKey | UnknownCause {
    let key: WorkingKey | UnknownCause = NOT_FOUND;
    const accept = (signerPath: Path): Rejection | undefined => {
      // "The trust anchor for the certification path MUST be the same."
      key = signerPath.at(-1) === path.at(-1) ? this.#checkSignature(signerPath, crl) : OTHER_ANCHOR;
      if ('code' in key) return { certificate, reason: 'badSignature', section: key.section, detail: key.detail };
      const refusal = this.refuse(signerPath, inProgress);
      if (refusal !== undefined) key = ISSUER_REFUSED;
      return refusal;
    };
    const result = findPath(certificate, this.set, { ...this.#parameters, accept });
    if (!result.proven && result.reason === 'keyUsage') return NO_CRL_SIGN;
    return key;
  }

  #checkSignature(path: Path, crl: Crl): WorkingKey | UnknownCause {
    const key = workingKeyOf(path, this.set);
    return key !== undefined && crl.isSignedWith(key) ? key : BAD_SIGNATURE;
  }
}

function unproven(detail: string): UnknownCause {
  return { code: 'crlIssuer', section: 'RFC 5280 section 6.3.3 (f)', detail };
}

const NOT_FOUND = unproven('The issuer of the CRL is not proven.');
const NO_CRL_SIGN = unproven('The key usage of the CRL issuer does not include cRLSign.');
const OTHER_ANCHOR = unproven('The path of the CRL issuer leads to another anchor.');
const ISSUER_REFUSED = unproven('The certificate of the CRL issuer is revoked, or that is not known.');
const CIRCULAR = unproven('The certificate of the CRL issuer depends on the CRL itself.');

const BAD_SIGNATURE: UnknownCause = {
  code: 'crlSignature',
  section: 'RFC 5280 section 6.3.3 (g)',
  detail: 'The signature of the CRL was not made with the key of its issuer.',
};
