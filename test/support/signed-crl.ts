import { sign } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import type { Crl } from '../../src/x509/revocation/crl.js';
import { readCrl } from '../../src/x509/revocation/read-crl.js';
import { extension, hex, objectIdentifier, sequence, tlv } from './der.js';
import type { Issued, Keys } from './signed-certificate.js';

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** Every part can be replaced, also by one that no CRL issuer would write. */
export interface SignedCrl {
  readonly entries?: readonly Buffer[];
  /** Undefined: without. */
  readonly number?: number | undefined;
  readonly thisUpdate?: string;
  /** Undefined: without. */
  readonly nextUpdate?: string | undefined;
  readonly signedBy?: Keys;
  /** The DER of the algorithm and its digest, if it is not ECDSA with SHA-256. */
  readonly algorithm?: readonly [identifier: Buffer, digest: string];
  readonly corruptSignature?: boolean;
  /** Besides the number. */
  readonly extensions?: readonly Buffer[];
}

/** A CRL in DER, signed for real, at run time. */
export function crlDer(issuer: Issued, request: SignedCrl = {}): Buffer {
  const [algorithm, digest] = request.algorithm ?? [ECDSA_WITH_SHA256, 'sha256'];
  const { number, nextUpdate } = { number: 1, nextUpdate: '270101000000Z', ...request };
  const entries = request.entries ?? [];
  const extensions = [...(number === undefined ? [] : [crlExtensions.number(number)]), ...(request.extensions ?? [])];
  const tbs = sequence(
    tlv(Tag.integer, hex('01')),
    algorithm,
    issuer.subject,
    utcTime(request.thisUpdate ?? '260501000000Z'),
    ...(nextUpdate === undefined ? [] : [utcTime(nextUpdate)]),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    ...(extensions.length === 0 ? [] : [tlv(0xa0, sequence(...extensions))]),
  );
  const signature = sign(digest, tbs, (request.signedBy ?? issuer.keys).privateKey);
  if (request.corruptSignature === true) signature.writeUInt8(signature.readUInt8(12) ^ 1, 12);
  return sequence(tbs, algorithm, tlv(Tag.bitString, hex('00'), signature));
}

export function signCrl(issuer: Issued, request: SignedCrl = {}): Crl {
  const { value, problems } = readCrl(crlDer(issuer, request));
  if (value === undefined) throw new Error(problems.join());
  return value;
}

function utcTime(text: string): Buffer {
  return tlv(Tag.utcTime, Buffer.from(text));
}

/** The entry of a certificate. */
export function revoked({ certificate }: Issued, ...extensions: readonly Buffer[]): Buffer {
  return entryOf(certificate.structure.serialNumber, ...extensions);
}

export function entryOf(serialNumber: Buffer, ...extensions: readonly Buffer[]): Buffer {
  const list = extensions.length === 0 ? [] : [sequence(...extensions)];
  return sequence(tlv(Tag.integer, serialNumber), utcTime('260401000000Z'), ...list);
}

const ENUMERATED = 0x0a;
const TRUE = hex('ff');

export interface IssuingPoint {
  /** The content of the DistributionPointName. */
  readonly name?: Buffer;
  /** The tags of the flags that are true: 1 users, 2 CAs, 4 indirect, 5 attribute certificates. */
  readonly flags?: readonly number[];
  readonly reasons?: readonly number[];
}

/** Builders of the extensions of CRLs and entries. */
export const crlExtensions = {
  number: (value: number): Buffer => extension('2.5.29.20', tlv(Tag.integer, Buffer.of(value))),
  delta: (base: number): Buffer => extension('2.5.29.27', tlv(Tag.integer, Buffer.of(base)), true),
  issuingPoint: ({ name, flags = [], reasons }: IssuingPoint): Buffer => {
    const flag = (number: number) => (flags.includes(number) ? [tlv(0x80 | number, TRUE)] : []);
    return extension(
      '2.5.29.28',
      sequence(
        ...(name === undefined ? [] : [tlv(0xa0, name)]),
        ...flag(1),
        ...flag(2),
        ...(reasons === undefined ? [] : [tlv(0x83, reasonFlags(reasons))]),
        ...flag(4),
        ...flag(5),
      ),
      true,
    );
  },
  reason: (code: number): Buffer => extension('2.5.29.21', tlv(ENUMERATED, Buffer.of(code))),
  invalidityDate: (text: string): Buffer => extension('2.5.29.24', tlv(Tag.generalizedTime, Buffer.from(text))),
  certificateIssuer: (issuer: Issued): Buffer => extension('2.5.29.29', sequence(tlv(0xa4, issuer.subject)), true),
};

/** Two octets: nine flags. */
function reasonFlags(reasons: readonly number[]): Buffer {
  const bits = reasons.reduce((sum, bit) => sum | (0x8000 >> bit), 0);
  const last = Math.max(...reasons);
  const octets = Buffer.of(bits >> 8, bits & 0xff).subarray(0, last < 8 ? 1 : 2);
  return Buffer.concat([Buffer.of(octets.length * 8 - 1 - last), octets]);
}

export const uri = (text: string): Buffer => tlv(0xa0, tlv(0x86, Buffer.from(text)));

/** One AttributeTypeAndValue, relative to the name of the CRL issuer. */
export const relativeName = (commonName: string): Buffer =>
  tlv(0xa1, sequence(objectIdentifier('2.5.4.3'), tlv(Tag.utf8String, Buffer.from(commonName))));

export interface PointRequest {
  readonly name?: Buffer;
  readonly reasons?: readonly number[];
  readonly issuer?: Issued;
}

/** The cRLDistributionPoints of a certificate. */
export function distributionPoints(...points: readonly PointRequest[]): Buffer {
  return extension(
    '2.5.29.31',
    sequence(
      ...points.map(({ name, reasons, issuer }) =>
        sequence(
          ...(name === undefined ? [] : [tlv(0xa0, name)]),
          ...(reasons === undefined ? [] : [tlv(0x81, reasonFlags(reasons))]),
          ...(issuer === undefined ? [] : [tlv(0xa2, tlv(0xa4, issuer.subject))]),
        ),
      ),
    ),
  );
}
