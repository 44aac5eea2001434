import type { DerCertificate } from '../certificate/der-certificate.js';
import { nameKey } from '../name/compare-names.js';
import { isSignedWith } from './signed-data.js';
import type { ValidSignatures } from './valid-signatures.js';
import { importWorkingKey, inheritsParameters, type WorkingKey } from './working-key.js';

/** A certificate with what every search asks of it: comparable names, its imported key, its checked signatures. */
export class PreparedCertificate {
  /** Undefined if the name is empty or cannot be read. */
  readonly subjectKey: string | undefined;
  readonly issuerKey: string | undefined;
  #workingKey: WorkingKey | undefined;
  readonly #signatures = new Map<string, boolean>();

  constructor(
    readonly certificate: DerCertificate,
    /** Trusted for itself: the path ends here. */
    readonly isAnchor: boolean,
    /** Of other searches. A remembered signature is not checked again, but counts in the budget like one that is. */
    private readonly remembered?: ValidSignatures,
  ) {
    this.subjectKey = certificate.subject && nameKey(certificate.subject);
    this.issuerKey = certificate.issuer && nameKey(certificate.issuer);
  }

  /** RFC 5280 section 6.1: subject and issuer are the same name. */
  get isSelfIssued(): boolean {
    return this.subjectKey !== undefined && this.subjectKey === this.issuerKey;
  }

  /** The same name and the same key. */
  isSameHolderAs(other: PreparedCertificate): boolean {
    const [own, others] = [this.certificate.structure, other.certificate.structure];
    return this.subjectKey === other.subjectKey && own.subjectPublicKeyInfo.equals(others.subjectPublicKeyInfo);
  }

  /** Whether its key can be imported only together with its issuer's. */
  get inheritsParameters(): boolean {
    return inheritsParameters(this.certificate);
  }

  workingKey(inherited?: Buffer): WorkingKey | undefined {
    if (this.inheritsParameters) return importWorkingKey(this.certificate, inherited);
    return (this.#workingKey ??= importWorkingKey(this.certificate, undefined));
  }

  /** Undefined if the signature was not checked with this key yet. */
  knownSignature(key: WorkingKey): boolean | undefined {
    return this.#signatures.get(key.id);
  }

  checkSignature(key: WorkingKey): boolean {
    const isRemembered = this.remembered?.has(this.certificate, key) === true;
    const isValid = isRemembered || this.#isSignedWith(key);
    this.#signatures.set(key.id, isValid);
    if (isValid && !isRemembered) this.remembered?.add(this.certificate, key);
    return isValid;
  }

  #isSignedWith(key: WorkingKey): boolean {
    const { signature, tbsCertificate: signedPart, signatureValue } = this.certificate.structure;
    return isSignedWith({ signature, signedPart, signatureValue }, key);
  }
}
