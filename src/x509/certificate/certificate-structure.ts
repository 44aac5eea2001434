import { type DerReader, type DerValue, readSequence } from '../der/der-reader.js';
import { type BitString, readBitString, readIntegerOctets } from '../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../der/tag.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.js';
import { type Extension, readExtension } from './extensions/extension.js';

/** The structure of a certificate (RFC 5280 section 4.1); its parts are not decoded yet. */
export interface CertificateStructure {
  /** The bytes that the signature covers. */
  readonly tbsCertificate: Buffer;
  /** 0 is v1; undefined if the integer is not a valid version. */
  readonly version: number | undefined;
  readonly versionIsEncoded: boolean;
  /** Two's complement octets. */
  readonly serialNumber: Buffer;
  /** The inner algorithm, covered by the signature. */
  readonly signature: AlgorithmIdentifier;
  readonly issuer: DerValue;
  readonly notBefore: DerValue;
  readonly notAfter: DerValue;
  readonly subject: DerValue;
  /** The whole TLV of the subjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Buffer;
  readonly publicKeyAlgorithm: AlgorithmIdentifier;
  readonly subjectPublicKey: Buffer;
  readonly hasUniqueIdentifiers: boolean;
  /** Undefined if the field is absent. */
  readonly extensions: readonly Extension[] | undefined;
  /** The outer algorithm. */
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signatureValue: BitString;
}

/** @throws DerError if the outer structure is not DER. Errors inside a part are detected when it is read. */
export function readCertificateStructure(der: Buffer): CertificateStructure {
  const certificate = readSequence(der, 'the certificate');
  const tbsCertificate = certificate.take(Tag.sequence, 'the signed part');
  const signatureAlgorithm = readAlgorithmIdentifier(certificate);
  const signatureValue = readBitString(certificate.take(Tag.bitString, 'the signature'));
  certificate.finish('the certificate');

  const fields = tbsCertificate.inside();
  const version = fields.takeOptional(contextConstructed(0));
  const serialNumber = readIntegerOctets(fields.take(Tag.integer, 'the serial number'));
  const signature = readAlgorithmIdentifier(fields);
  const issuer = fields.take(Tag.sequence, 'the issuer');
  const validity = fields.take(Tag.sequence, 'the validity').inside();
  const notBefore = validity.next();
  const notAfter = validity.next();
  validity.finish('the validity');
  const subject = fields.take(Tag.sequence, 'the subject');
  const subjectPublicKeyInfo = fields.take(Tag.sequence, 'the public key');
  const publicKey = subjectPublicKeyInfo.inside();
  const publicKeyAlgorithm = readAlgorithmIdentifier(publicKey);
  const subjectPublicKey = readBitString(publicKey.take(Tag.bitString, 'the public key')).octets;
  publicKey.finish('the public key');
  const issuerUniqueIdentifier = fields.takeOptional(contextPrimitive(1));
  const subjectUniqueIdentifier = fields.takeOptional(contextPrimitive(2));
  const extensions = fields.takeOptional(contextConstructed(3));
  fields.finish('the signed part');

  return {
    tbsCertificate: tbsCertificate.bytes,
    version: version === undefined ? 0 : readVersion(version.inside()),
    versionIsEncoded: version !== undefined,
    serialNumber,
    signature,
    issuer,
    notBefore,
    notAfter,
    subject,
    subjectPublicKeyInfo: subjectPublicKeyInfo.bytes,
    publicKeyAlgorithm,
    subjectPublicKey,
    hasUniqueIdentifiers: issuerUniqueIdentifier !== undefined || subjectUniqueIdentifier !== undefined,
    extensions: extensions && readExtensions(extensions.inside()),
    signatureAlgorithm,
    signatureValue,
  };
}

function readVersion(explicit: DerReader): number | undefined {
  const octets = readIntegerOctets(explicit.take(Tag.integer, 'the version'));
  explicit.finish('the version');
  const [version = 0] = octets;
  return octets.length === 1 && version <= 2 ? version : undefined;
}

function readExtensions(explicit: DerReader): Extension[] {
  const extensions: Extension[] = [];
  const list = explicit.take(Tag.sequence, 'the list of extensions').inside();
  explicit.finish('the list of extensions');
  while (!list.atEnd) extensions.push(readExtension(list.take(Tag.sequence, 'an extension').inside()));
  return extensions;
}

/** RFC 5280 sections 4.1.2.1, 4.1.2.8 and 4.1.2.9: the fields that each version may have. */
export function checkVersion(structure: CertificateStructure, problems: string[]): void {
  const { version, versionIsEncoded, hasUniqueIdentifiers, extensions } = structure;
  if (version === undefined) problems.push('it is not v1, v2 or v3');
  if (version === 0 && versionIsEncoded) problems.push('its default, v1, is encoded');
  if (version === 0 && hasUniqueIdentifiers) problems.push('v1 has no unique identifiers');
  if (version !== 2 && extensions !== undefined) problems.push('only v3 has extensions');
}
