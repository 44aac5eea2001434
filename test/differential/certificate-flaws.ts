import { generateKeyPairSync } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import {
  type CertificatePlan,
  ECDSA_WITH_SHA256,
  encodeName,
  type NamePlan,
  Oid,
  POOL,
  generalizedTime,
  setExtension,
  removeExtension,
  utcTime,
} from './certificate-plan.js';
import { type Flaw, flawIn, flawsIn, type Place } from './flaw.js';

const EVERYWHERE: readonly Place[] = ['leaf', 'intermediate', 'anchor'];
const BELOW: readonly Place[] = ['leaf', 'intermediate'];

/** [name, notBefore, notAfter]; chains are validated at 2026-06-01T12:00:00Z. */
const PERIODS: readonly (readonly [string, Buffer, Buffer])[] = [
  ['expired', utcTime('250101000000Z'), utcTime('260101000000Z')],
  ['not yet valid', utcTime('270101000000Z'), utcTime('280101000000Z')],
  ['ends at the instant', utcTime('260101000000Z'), utcTime('260601120000Z')],
  ['ended a second ago', utcTime('260101000000Z'), utcTime('260601115959Z')],
  ['begins at the instant', utcTime('260601120000Z'), utcTime('270101000000Z')],
  ['begins in a second', utcTime('260601120001Z'), utcTime('270101000000Z')],
  ['reversed validity', utcTime('270101000000Z'), utcTime('260101000000Z')],
  ['UTCTime of 1950', utcTime('260101000000Z'), utcTime('500101000000Z')],
  ['UTCTime of 2049', utcTime('260101000000Z'), utcTime('491231235959Z')],
  ['GeneralizedTime of 2050', utcTime('260101000000Z'), generalizedTime('20500101000000Z')],
  ['GeneralizedTime of 2030', utcTime('260101000000Z'), generalizedTime('20300101000000Z')],
  ['GeneralizedTime of 9999', utcTime('260101000000Z'), generalizedTime('99991231235959Z')],
  ['time without seconds', utcTime('260101000000Z'), utcTime('2701010000Z')],
  ['time with an offset', utcTime('260101000000Z'), utcTime('270101000000+0100')],
  ['time with a fraction', utcTime('260101000000Z'), generalizedTime('20300101000000.5Z')],
  ['no such day', utcTime('260101000000Z'), utcTime('270230000000Z')],
];

/** [name, issuer as it is written in the certificate below] */
const OTHER_WRITINGS: readonly (readonly [string, (name: NamePlan) => NamePlan])[] = [
  ['another issuer', (name) => replaceText(name, (text) => `${text} 2`)],
  ['issuer in capitals', (name) => replaceText(name, (text) => text.toUpperCase())],
  ['issuer with more spaces', (name) => replaceText(name, (text) => ` ${text.replaceAll(' ', '  ')} `)],
  ['issuer as PrintableString', (name) => retag(name, Tag.printableString)],
  ['issuer as IA5String', (name) => retag(name, Tag.ia5String)],
  ['issuer as BMPString', (name) => name.map(([oid, , text]) => [oid, Tag.bmpString, wide(text)])],
  ['issuer as OCTET STRING', (name) => retag(name, Tag.octetString)],
  ['issuer in fullwidth letters', (name) => replaceText(name, fullwidth)],
  ['issuer with a soft hyphen', (name) => replaceText(name, (text) => `${text.slice(0, 3)}\u00ad${text.slice(3)}`)],
  ['issuer with a NUL', (name) => replaceText(name, (text) => `${text}\0`)],
  ['issuer in another order', (name) => name.toReversed()],
  ['issuer without its last part', (name) => name.slice(0, -1)],
  ['issuer with one more part', (name) => [...name, ['2.5.4.11', Tag.utf8String, 'More']]],
  ['issuer of other types', (name) => name.map(([, tag, text]) => ['2.5.4.11', tag, text])],
  ['empty issuer', () => []],
];

function replaceText(name: NamePlan, change: (text: string) => string): NamePlan {
  return name.map(([oid, tag, text]) => [oid, tag, change(text.toString())]);
}

function retag(name: NamePlan, tag: number): NamePlan {
  return name.map(([oid, , text]) => [oid, tag, text]);
}

function wide(text: string | Buffer): Buffer {
  return Buffer.from(text.toString(), 'utf16le').swap16();
}

function fullwidth(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
}

const RSA_1024 = generateKeyPairSync('rsa', { modulusLength: 1024 });
const RSA_2048 = generateKeyPairSync('rsa', { modulusLength: 2048 });
const P_192 = generateKeyPairSync('ec', { namedCurve: 'prime192v1' });
const P_224 = generateKeyPairSync('ec', { namedCurve: 'P-224' });
const P_384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const EXPLICIT = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
const ED25519 = generateKeyPairSync('ed25519');

/** Of a leaf, so that nothing below is signed with it. */
const KEYS = [
  ['RSA key of 1024 bits', RSA_1024],
  ['RSA key of 2048 bits', RSA_2048],
  ['key on P-192', P_192],
  ['key on P-224', P_224],
  ['key on P-384', P_384],
  ['key on a curve that is not named', EXPLICIT],
  ['Ed25519 key', ED25519],
] as const;

const ecdsa = (oid: string, ...parameters: readonly Buffer[]) => sequence(objectIdentifier(oid), ...parameters);

/** [name, algorithm, digest, outer algorithm] */
const ALGORITHMS: readonly (readonly [string, Buffer, string, Buffer?])[] = [
  ['signed with SHA-1', ecdsa('1.2.840.10045.4.1'), 'sha1'],
  ['signed with SHA-384', ecdsa('1.2.840.10045.4.3.3'), 'sha384'],
  ['signed with another digest than it says', ecdsa('1.2.840.10045.4.3.3'), 'sha256'],
  ['algorithm with NULL', ecdsa('1.2.840.10045.4.3.2', hex('0500')), 'sha256'],
  ['algorithm of RSA', ecdsa('1.2.840.113549.1.1.11', hex('0500')), 'sha256'],
  ['unknown algorithm', ecdsa('1.3.6.1.4.1.55738.9'), 'sha256'],
  ['two algorithms', ECDSA_WITH_SHA256, 'sha256', ecdsa('1.2.840.10045.4.3.3')],
];

const SERIAL_NUMBERS: readonly (readonly [string, Buffer])[] = [
  ['serial number zero', hex('00')],
  ['negative serial number', hex('80')],
  ['serial number of 21 octets', Buffer.alloc(21, 1)],
  ['serial number that is not minimal', hex('0001')],
  ['empty serial number', Buffer.alloc(0)],
];

export const CERTIFICATE_FLAWS: readonly Flaw[] = [
  ...PERIODS.flatMap(([name, notBefore, notAfter]) =>
    flawsIn(EVERYWHERE, name, (plan) => Object.assign(plan, { notBefore, notAfter })),
  ),
  ...OTHER_WRITINGS.flatMap(([name, write]) =>
    flawsIn(BELOW, name, (plan) => {
      plan.issuer = write(plan.issuer);
    }),
  ),
  ...flawsIn(BELOW, 'corrupt signature', (plan) => {
    plan.corruptSignature = true;
  }),
  ...flawsIn(BELOW, 'signed by another key', (plan) => {
    plan.signer = POOL[13] ?? plan.signer;
  }),
  ...KEYS.map(([name, keys]) => flawIn('leaf', name, (plan) => Object.assign(plan, { keys }))),
  ...ALGORITHMS.flatMap(([name, algorithm, digest, outerAlgorithm]) =>
    flawsIn(BELOW, name, (plan) => Object.assign(plan, { algorithm, digest, outerAlgorithm })),
  ),
  ...SERIAL_NUMBERS.flatMap(([name, serialNumber]) =>
    flawsIn(['leaf', 'intermediate'], name, (plan) => Object.assign(plan, { serialNumber })),
  ),
  ...flawsIn(EVERYWHERE, 'version 1', (plan) => Object.assign(plan, { version: undefined, extensions: undefined })),
  ...flawsIn(EVERYWHERE, 'version 1 with extensions', (plan) => Object.assign(plan, { version: undefined })),
  ...flawsIn(BELOW, 'version 2', (plan) => Object.assign(plan, { version: 1, extensions: undefined })),
  ...flawsIn(BELOW, 'version 4', (plan) => Object.assign(plan, { version: 3 })),
  flawIn('leaf', 'no extensions', (plan) => Object.assign(plan, { extensions: undefined })),
  flawIn('leaf', 'empty list of extensions', (plan) => Object.assign(plan, { extensions: [] })),
  flawIn(
    'leaf',
    'data after the certificate',
    recoding((der) => Buffer.concat([der, hex('00')])),
  ),
  flawIn(
    'leaf',
    'length that is not minimal',
    recoding((der) => longerLength(der)),
  ),
  flawIn('leaf', 'empty subject', (plan) => Object.assign(plan, { subject: [] })),
  flawIn('leaf', 'empty subject, names critical', (plan) => {
    plan.subject = [];
    const names = plan.extensions?.find(({ oid }) => oid === Oid.subjectAltName);
    if (names !== undefined) setExtension(plan, Oid.subjectAltName, names.value, true);
  }),
  flawIn('leaf', 'empty subject, no names', (plan) => {
    plan.subject = [];
    removeExtension(plan, Oid.subjectAltName);
  }),
  flawIn('leaf', 'subject with an invalid UTF8String', (plan) => {
    plan.subject = [['2.5.4.3', Tag.utf8String, hex('c3')]];
  }),
  flawIn('leaf', 'subject as the issuer', (plan) => {
    plan.subject = plan.issuer;
  }),
];

function recoding(recode: (der: Buffer) => Buffer) {
  return (plan: CertificatePlan): void => {
    plan.recode = recode;
  };
}

/** The length of the outer SEQUENCE with one octet more than needed. */
function longerLength(der: Buffer): Buffer {
  const octets = der.readUInt8(1) & 0x7f;
  const content = der.subarray(2 + octets);
  return Buffer.concat([Buffer.of(Tag.sequence, 0x81 + octets, 0), der.subarray(2, 2 + octets), content]);
}

/** The name of a certificate as a directoryName. */
export function directoryName(name: NamePlan): Buffer {
  return tlv(0xa4, encodeName(name));
}
