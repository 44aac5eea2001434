import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, type SigningOptions } from 'node:crypto';

import { KEY_USAGES, type KeyUsage } from '../../src/x509/certificate/certificate.js';
import type { DerCertificate } from '../../src/x509/certificate/der-certificate.js';
import { readCertificate } from '../../src/x509/certificate/read-certificate.js';
import { Tag } from '../../src/x509/der/tag.js';
import { distinguishedName, extension, hex, objectIdentifier, sequence, tlv } from './der.js';

export interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Issued {
  readonly der: Buffer;
  readonly certificate: DerCertificate;
  readonly subject: Buffer;
  readonly keys: Keys;
}

/** Every part can be replaced, also by one that no certification authority would issue. */
export interface SignedCertificate {
  /** The common name, or the DER of the whole name. */
  readonly subject: string | Buffer;
  /** Absent: self-signed. */
  readonly issuer?: Issued;
  /** Another name than the issuer's subject. */
  readonly issuerName?: string | Buffer;
  readonly keys?: Keys;
  /** Absent: the issuer's. */
  readonly signedBy?: Keys;
  readonly version?: 1 | 3;
  readonly serialNumber?: Buffer;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** The DER of the algorithm; the digest is SHA-256 unless named. */
  readonly algorithm?: Buffer;
  readonly digest?: string | null;
  readonly signing?: SigningOptions;
  readonly publicKey?: Buffer;
  /** Instead of a signature by a key. */
  readonly forge?: (tbsCertificate: Buffer) => Buffer;
  readonly corruptSignature?: boolean;
  /** The extensions, in order. */
  readonly extensions?: readonly Buffer[] | undefined;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

export function ecKeys(namedCurve = 'P-256'): Keys {
  return generateKeyPairSync('ec', { namedCurve });
}

export function commonName(text: string): Buffer {
  return distinguishedName([['2.5.4.3', Tag.utf8String, text]]);
}

/** Signed for real, at run time. */
export function signCertificate(request: SignedCertificate): Issued {
  const keys = request.keys ?? ecKeys();
  const subject = nameOf(request.subject);
  const issuer = request.issuerName === undefined ? (request.issuer?.subject ?? subject) : nameOf(request.issuerName);
  const algorithm = request.algorithm ?? ECDSA_WITH_SHA256;
  const isOld = request.version === 1;
  const tbs = sequence(
    ...(isOld ? [] : [tlv(0xa0, tlv(Tag.integer, hex('02')))]),
    tlv(Tag.integer, request.serialNumber ?? Buffer.concat([hex('01'), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(utcTime(request.notBefore ?? '260101000000Z'), utcTime(request.notAfter ?? '270101000000Z')),
    subject,
    request.publicKey ?? keys.publicKey.export({ format: 'der', type: 'spki' }),
    ...(request.extensions === undefined ? [] : [tlv(0xa3, sequence(...request.extensions))]),
  );
  const signer = request.signedBy ?? request.issuer?.keys ?? keys;
  const digest = request.digest === undefined ? 'sha256' : request.digest;
  const signature = request.forge?.(tbs) ?? sign(digest, tbs, { key: signer.privateKey, ...request.signing });
  if (request.corruptSignature === true) signature.writeUInt8(signature.readUInt8(12) ^ 1, 12);
  const der = sequence(tbs, algorithm, tlv(Tag.bitString, hex('00'), signature));
  const read = readCertificate(der);
  if (!read.ok) throw new Error(read.message);
  return { der, certificate: read.certificate as DerCertificate, subject, keys };
}

function nameOf(name: string | Buffer): Buffer {
  return typeof name === 'string' ? commonName(name) : name;
}

function utcTime(text: string): Buffer {
  return tlv(text.length === 13 ? Tag.utcTime : Tag.generalizedTime, Buffer.from(text));
}

const subtrees = (tag: number, names: readonly string[]) =>
  names.length === 0 ? [] : [tlv(tag, ...names.map((name) => sequence(tlv(0x82, Buffer.from(name)))))];

/** Builders of extensions, by their names in RFC 5280. */
export const extensions = {
  basicConstraints: (cA: boolean, pathLength?: number, critical = true): Buffer =>
    extension(
      '2.5.29.19',
      sequence(
        ...(cA ? [tlv(Tag.boolean, hex('ff'))] : []),
        ...(pathLength === undefined ? [] : [tlv(Tag.integer, Buffer.of(pathLength))]),
      ),
      critical,
    ),
  keyUsage: (...usages: readonly KeyUsage[]): Buffer => {
    const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
    const last = Math.max(...bits);
    const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
    return extension('2.5.29.15', tlv(Tag.bitString, Buffer.of(7 - last, octet)), true);
  },
  extendedKeyUsage: (...purposes: readonly string[]): Buffer =>
    extension('2.5.29.37', sequence(...purposes.map(objectIdentifier))),
  dnsNames: (...names: readonly string[]): Buffer =>
    extension('2.5.29.17', sequence(...names.map((name) => tlv(0x82, Buffer.from(name))))),
  subjectKeyIdentifier: (identifier: Buffer, critical = false): Buffer =>
    extension('2.5.29.14', tlv(Tag.octetString, identifier), critical),
  authorityKeyIdentifier: (identifier: Buffer, critical = false): Buffer =>
    extension('2.5.29.35', sequence(tlv(0x80, identifier)), critical),
  /** DNS subtrees. */
  nameConstraints: (permitted: readonly string[], excluded: readonly string[] = [], critical = true): Buffer => {
    return extension('2.5.29.30', sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)), critical);
  },
  policies: (...policies: readonly string[]): Buffer =>
    extension('2.5.29.32', sequence(...policies.map((policy) => sequence(objectIdentifier(policy))))),
  requireExplicitPolicy: (skip: number): Buffer => extension('2.5.29.36', sequence(tlv(0x80, Buffer.of(skip))), true),
  ocspNoCheck: (value = hex('0500'), critical = false): Buffer => extension('1.3.6.1.5.5.7.48.1.5', value, critical),
  /** URIs; `method`: the last arc, 1 for OCSP. */
  access: (...descriptions: readonly (readonly [method: number, uri: string])[]): Buffer =>
    extension(
      '1.3.6.1.5.5.7.1.1',
      sequence(
        ...descriptions.map(([method, uri]) =>
          sequence(objectIdentifier(`1.3.6.1.5.5.7.48.${method}`), tlv(0x86, Buffer.from(uri))),
        ),
      ),
    ),
  unknown: (critical: boolean): Buffer => extension('1.3.6.1.4.1.55738.666.1', hex('0500'), critical),
};

export function keyIdentifier({ publicKey }: Keys): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest();
}

/** What a request leaves open is as in a certificate that conforms to RFC 5280 section 4. */
export interface AuthorityRequest extends Partial<SignedCertificate> {
  readonly pathLength?: number;
  /** Extensions besides those that every CA has. */
  readonly and?: readonly Buffer[];
}

export function authority(
  subject: string | Buffer,
  { pathLength, and = [], ...request }: AuthorityRequest = {},
): Issued {
  const keys = request.keys ?? ecKeys();
  return signCertificate({
    subject,
    keys,
    notBefore: '200101000000Z',
    notAfter: '400101000000Z',
    extensions: [
      extensions.basicConstraints(true, pathLength),
      extensions.keyUsage('keyCertSign', 'cRLSign'),
      extensions.subjectKeyIdentifier(keyIdentifier(keys)),
      identifyIssuer(request.issuer?.keys ?? keys),
      ...and,
    ],
    ...request,
  });
}

export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

export function endEntity(issuer: Issued, { and = [], ...request }: Omit<AuthorityRequest, 'pathLength'> = {}): Issued {
  return signCertificate({
    subject: 'Jane Doe',
    issuer,
    extensions: [
      extensions.keyUsage('digitalSignature'),
      extensions.extendedKeyUsage(CLIENT_AUTH),
      identifyIssuer(issuer.keys),
      ...and,
    ],
    ...request,
  });
}

function identifyIssuer(keys: Keys): Buffer {
  return extensions.authorityKeyIdentifier(keyIdentifier(keys));
}
