import type { Extension, ExtensionDefinition } from '../certificate/extensions/extension.js';
import { authorityKeyIdentifier } from '../certificate/extensions/key-identifiers.js';
import { reading } from '../der/reading.js';
import { findWeakSignature } from '../path/algorithms.js';
import type { PathParameters } from '../path/path-parameters.js';
import { isSignedWith } from '../path/signed-data.js';
import type { WorkingKey } from '../path/working-key.js';
import type { CrlEntry } from './crl-entry.js';
import {
  cRLNumber,
  deltaCRLIndicator,
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from './crl-extensions.js';
import type { CrlStructure } from './crl-structure.js';
import type { UnknownCause } from './unknown-cause.js';

/** The extensions that are processed; every other one makes the CRL unusable if it is critical. */
const PROCESSED: ReadonlyMap<string, ExtensionDefinition<unknown>> = new Map(
  [authorityKeyIdentifier, cRLNumber, deltaCRLIndicator, issuingDistributionPoint].map((definition) => [
    definition.oid,
    definition,
  ]),
);

/** A CRL with all that is asked of it again and again. */
export class Crl {
  readonly number: bigint | undefined;
  /** Of a delta CRL: the number of the complete CRL that it is based on. */
  readonly baseNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
  readonly #unusable: UnknownCause | undefined;
  readonly #signatures = new Map<string, boolean>();

  constructor(readonly structure: CrlStructure) {
    this.number = this.#extension(cRLNumber);
    this.baseNumber = this.#extension(deltaCRLIndicator);
    this.issuingDistributionPoint = this.#extension(issuingDistributionPoint);
    this.authorityKeyIdentifier = this.#extension(authorityKeyIdentifier)?.keyIdentifier;
    this.#unusable = this.#findUnusable();
  }

  /** The comparable name. */
  get issuerKey(): string {
    return this.structure.issuerKey;
  }

  get isDelta(): boolean {
    return this.structure.extensions.some(({ oid }) => oid === deltaCRLIndicator.oid);
  }

  get thisUpdate(): Date {
    return this.structure.thisUpdate;
  }

  get nextUpdate(): Date | undefined {
    return this.structure.nextUpdate;
  }

  /** Why it says nothing about any certificate. */
  findUnusable({ algorithms, profile }: PathParameters): UnknownCause | undefined {
    const weak = findWeakSignature(this.structure.signature, algorithms);
    if (weak !== undefined) return unusable('5.1.1.2', weak);
    return this.#unusable ?? (profile === 'section4' ? this.#findViolation() : undefined);
  }

  /** 13.2; the current time is that of the path, in whole seconds. */
  findNotCurrent({ time }: PathParameters): UnknownCause | undefined {
    const second = Math.floor(time.getTime() / 1000) * 1000;
    // Written so that an invalid date is outside.
    if (!(this.thisUpdate.getTime() <= second)) {
      const section = 'RFC 5280 section 5.1.2.4';
      return { code: 'crlNotYetValid', section, detail: 'The CRL is not issued yet.' };
    }
    const section = 'RFC 5280 section 6.3.3 (a)(1)';
    if (this.nextUpdate === undefined) {
      return { code: 'crlExpired', section, detail: 'The CRL does not say when the next one is issued.' };
    }
    if (second < this.nextUpdate.getTime()) return undefined;
    return { code: 'crlExpired', section, detail: 'The next CRL should have been issued already.' };
  }

  find(certificateIssuer: string, serialNumber: Buffer): CrlEntry | undefined {
    return this.structure.entries?.find(certificateIssuer, serialNumber);
  }

  /** RFC 5280 section 6.3.3 (g) and (h). Checked once for each key: a large CRL takes long. */
  isSignedWith(key: WorkingKey): boolean {
    const known = this.#signatures.get(key.id);
    if (known !== undefined) return known;
    const isValid = isSignedWith(this.structure, key);
    this.#signatures.set(key.id, isValid);
    return isValid;
  }

  /** RFC 5280 section 6.3.3 (c)(2) and (c)(3): DER has one form for each value. */
  hasSameValue(definition: ExtensionDefinition<unknown>, other: Crl): boolean {
    const [own, others] = [this.#encoded(definition), other.#encoded(definition)];
    return own === undefined || others === undefined ? own === others : own.value.equals(others.value);
  }

  #encoded({ oid }: ExtensionDefinition<unknown>): Extension | undefined {
    return this.structure.extensions.find((extension) => extension.oid === oid);
  }

  #extension<T>(definition: ExtensionDefinition<T>): T | undefined {
    const extension = this.#encoded(definition);
    return extension && reading((problems) => definition.read(extension.value, problems)).value;
  }

  #findUnusable(): UnknownCause | undefined {
    const { signature, signatureAlgorithm, extensions, entries } = this.structure;
    if (!signature.der.equals(signatureAlgorithm.der)) {
      return unusable('5.1.1.2', 'The two signature algorithms of the CRL differ.');
    }
    const identifiers = extensions.map(({ oid }) => oid);
    if (new Set(identifiers).size < identifiers.length) {
      return unusable('5.2', 'An extension of the CRL occurs more than once.');
    }
    if (extensions.some(({ oid, critical }) => critical && !PROCESSED.has(oid))) {
      return unusable('5.2', 'The CRL has a critical extension that is not processed.');
    }
    const isUnreadable = [...PROCESSED.values()].some(
      (definition) => identifiers.includes(definition.oid) && this.#extension(definition) === undefined,
    );
    if (isUnreadable) return unusable('5.2', 'An extension of the CRL cannot be read.');
    if (entries?.hasUnknownCriticalExtension === true) {
      return unusable('5.3', 'An entry of the CRL has a critical extension that is not processed.');
    }
    return entries?.namesIssuers === true && this.issuingDistributionPoint?.indirectCRL !== true
      ? unusable('5.3.3', 'The CRL is not indirect, but an entry names the issuer of its certificate.')
      : undefined;
  }

  /** What a conforming CRL issuer must do, and the rules of 6.3.3 do not need. */
  #findViolation(): UnknownCause | undefined {
    if (this.number === undefined) return unusable('5.2.3', 'The CRL has no number.');
    const wrong = this.structure.extensions.find(({ oid, critical }) => {
      const required = PROCESSED.get(oid)?.critical;
      return required !== undefined && required !== critical;
    });
    const section = wrong && PROCESSED.get(wrong.oid)?.section;
    return section === undefined ? undefined : unusable(section, 'An extension has the wrong criticality.');
  }
}

function unusable(section: string, detail: string): UnknownCause {
  return { code: 'crlUnusable', section: `RFC 5280 section ${section}`, detail };
}
