import { hash } from 'node:crypto';

import type { DerValue } from '../der/der-reader.js';
import { type Reading, reading } from '../der/reading.js';
import type { Name } from '../name/name.js';
import { readName } from '../name/read-name.js';
import { type AlternativeName, alternativeNames, addressesOf } from './alternative-name.js';
import type { CertificateStructure } from './certificate-structure.js';
import type { Certificate, Finding, IssuerKey, KeyUsage, PublicKeyInfo } from './certificate.js';
import { subjectAltName } from './extensions/alternative-names.js';
import { type BasicConstraints, basicConstraints } from './extensions/basic-constraints.js';
import { certificatePolicies } from './extensions/certificate-policies.js';
import { cRLDistributionPoints } from './extensions/distribution-points.js';
import { extendedKeyUsage } from './extensions/extended-key-usage.js';
import type { ExtensionDefinition } from './extensions/extension.js';
import { AccessMethod, authorityInformationAccess } from './extensions/information-access.js';
import { authorityKeyIdentifier, subjectKeyIdentifier } from './extensions/key-identifiers.js';
import { keyUsage } from './extensions/key-usage.js';
import { collectFindings } from './findings.js';
import { readPublicKey } from './public-key.js';
import { formatSerialNumber } from './serial-number.js';
import { signatureAlgorithms } from './signature-algorithms.js';

/** A certificate based on its DER. Each part is decoded on first use, independently of the others. */
export class DerCertificate implements Certificate {
  #sha256: Buffer | undefined;
  #sha1: Buffer | undefined;
  #subject: Reading<Name> | undefined;
  #issuer: Reading<Name> | undefined;
  #publicKey: PublicKeyInfo | undefined;
  #publicKeySha256: Buffer | undefined;
  #subjectAlternativeNames: readonly AlternativeName[] | undefined;
  #findings: readonly Finding[] | undefined;
  readonly #extensions = new Map<string, Reading<unknown>>();

  constructor(
    readonly der: Buffer,
    readonly structure: CertificateStructure,
    readonly notBefore: Date,
    readonly notAfter: Date,
  ) {}

  get sha256(): Buffer {
    return (this.#sha256 ??= hash('sha256', this.der, 'buffer'));
  }

  get sha1(): Buffer {
    return (this.#sha1 ??= hash('sha1', this.der, 'buffer'));
  }

  get subject(): Name | undefined {
    return (this.#subject ??= readDistinguishedName(this.structure.subject)).value;
  }

  get issuer(): Name | undefined {
    return (this.#issuer ??= readDistinguishedName(this.structure.issuer)).value;
  }

  get serial(): string {
    return formatSerialNumber(this.structure.serialNumber);
  }

  get subjectKeyIdentifier(): Buffer | undefined {
    return this.extension(subjectKeyIdentifier);
  }

  get signatureAlgorithm(): string {
    const { algorithm } = this.structure.signature;
    return signatureAlgorithms.get(algorithm) ?? algorithm;
  }

  get publicKey(): PublicKeyInfo {
    const { publicKeyAlgorithm, subjectPublicKey } = this.structure;
    return (this.#publicKey ??= readPublicKey(publicKeyAlgorithm, subjectPublicKey, []));
  }

  get publicKeySha256(): Buffer {
    return (this.#publicKeySha256 ??= hash('sha256', this.structure.subjectPublicKeyInfo, 'buffer'));
  }

  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.extension(keyUsage);
  }

  get extendedKeyUsage(): ReadonlySet<string> | undefined {
    return this.extension(extendedKeyUsage);
  }

  get hasSubjectAlternativeName(): boolean {
    return this.extension(subjectAltName)?.some(({ kind }) => kind !== 'unreadable') ?? false;
  }

  get subjectAlternativeNames(): readonly AlternativeName[] {
    return (this.#subjectAlternativeNames ??= alternativeNames(this.extension(subjectAltName) ?? []));
  }

  get authorityKeyIdentifier(): IssuerKey | undefined {
    const read = this.extension(authorityKeyIdentifier);
    if (read === undefined) return undefined;
    const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = read;
    return {
      keyIdentifier,
      issuer: authorityCertIssuer && alternativeNames(authorityCertIssuer),
      serial: authorityCertSerialNumber && formatSerialNumber(authorityCertSerialNumber),
    };
  }

  get basicConstraints(): BasicConstraints | undefined {
    return this.extension(basicConstraints);
  }

  get certificatePolicies(): readonly string[] | undefined {
    return this.extension(certificatePolicies);
  }

  get crlAddresses(): readonly string[] {
    const points = this.extension(cRLDistributionPoints) ?? [];
    return addressesOf(points.flatMap(({ fullName }) => fullName ?? []));
  }

  get ocspAddresses(): readonly string[] {
    return this.accessLocations(AccessMethod.ocsp);
  }

  get caIssuersAddresses(): readonly string[] {
    return this.accessLocations(AccessMethod.caIssuers);
  }

  get findings(): readonly Finding[] {
    return (this.#findings ??= collectFindings(this.structure));
  }

  private accessLocations(method: string): readonly string[] {
    const descriptions = this.extension(authorityInformationAccess) ?? [];
    return addressesOf(
      descriptions.filter(({ accessMethod }) => accessMethod === method).map(({ accessLocation }) => accessLocation),
    );
  }

  /**
   * Undefined if the extension is absent, unreadable, or occurs more than once, because then none of them can be
   * trusted.
   */
  extension<T>(definition: ExtensionDefinition<T>): T | undefined {
    const known = this.#extensions.get(definition.oid) as Reading<T> | undefined;
    if (known !== undefined) return known.value;
    const [extension, duplicate] = (this.structure.extensions ?? []).filter(({ oid }) => oid === definition.oid);
    const read: Reading<T> =
      extension === undefined || duplicate !== undefined
        ? { value: undefined, problems: [] }
        : reading((problems) => definition.read(extension.value, problems));
    this.#extensions.set(definition.oid, read);
    return read.value;
  }
}

/** The value is undefined if the name is empty or cannot be decoded. */
function readDistinguishedName(value: DerValue): Reading<Name> {
  const { value: name, problems } = reading((found) => readName(value, found));
  const isEmpty = name?.relativeDistinguishedNames.every((attributes) => attributes.length === 0) ?? true;
  return { value: isEmpty ? undefined : name, problems };
}
