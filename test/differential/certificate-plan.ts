import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import { distinguishedName, hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import type { Keys } from '../support/signed-certificate.js';

export const Oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
} as const;

export interface ExtensionPlan {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** One attribute: type, string type, text. Each is an RDN of its own. */
export type NamePlan = readonly (readonly [oid: string, tag: number, text: string | Buffer])[];

/** A certificate before it is encoded and signed; a flaw changes any part of it. */
export interface CertificatePlan {
  subject: NamePlan;
  issuer: NamePlan;
  keys: Keys;
  signer: Keys;
  /** As encoded: 2 is version 3; undefined is version 1. */
  version: number | undefined;
  serialNumber: Buffer;
  notBefore: Buffer;
  notAfter: Buffer;
  /** Undefined: the field is absent. */
  extensions: ExtensionPlan[] | undefined;
  algorithm: Buffer;
  outerAlgorithm: Buffer | undefined;
  digest: string;
  publicKey: Buffer | undefined;
  corruptSignature: boolean;
  /** Changes the encoded certificate. */
  recode: ((der: Buffer) => Buffer) | undefined;
}

export const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

const CN = '2.5.4.3';
const O = '2.5.4.10';

/** Names of different chains differ, so that many chains can be checked with one list of certificates. */
export function nameOf(chain: string, role: string): NamePlan {
  return [
    [O, Tag.utf8String, `Chain ${chain}`],
    [CN, Tag.utf8String, role],
  ];
}

export const utcTime = (text: string): Buffer => tlv(Tag.utcTime, Buffer.from(text));
export const generalizedTime = (text: string): Buffer => tlv(Tag.generalizedTime, Buffer.from(text));

export function encodeName(name: NamePlan): Buffer {
  return distinguishedName(...name.map((attribute) => [attribute]));
}

export function keyIdentifier({ publicKey }: Keys): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest();
}

/** Made once: a new key for each certificate would take longer than everything else. */
export const POOL: readonly Keys[] = Array.from({ length: 16 }, () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
);

export function encodeCertificate(plan: CertificatePlan): Buffer {
  const tbs = sequence(
    ...(plan.version === undefined ? [] : [tlv(0xa0, tlv(Tag.integer, Buffer.of(plan.version)))]),
    tlv(Tag.integer, plan.serialNumber),
    plan.algorithm,
    encodeName(plan.issuer),
    sequence(plan.notBefore, plan.notAfter),
    encodeName(plan.subject),
    plan.publicKey ?? plan.keys.publicKey.export({ format: 'der', type: 'spki' }),
    ...(plan.extensions === undefined ? [] : [tlv(0xa3, sequence(...plan.extensions.map(encodeExtension)))]),
  );
  const signature = sign(plan.digest, tbs, plan.signer.privateKey);
  if (plan.corruptSignature) signature.writeUInt8(signature.readUInt8(12) ^ 1, 12);
  const der = sequence(tbs, plan.outerAlgorithm ?? plan.algorithm, tlv(Tag.bitString, hex('00'), signature));
  return plan.recode?.(der) ?? der;
}

function encodeExtension({ oid, critical, value }: ExtensionPlan): Buffer {
  const flag = critical ? [tlv(Tag.boolean, hex('ff'))] : [];
  return sequence(objectIdentifier(oid), ...flag, tlv(Tag.octetString, value));
}

export function extensionOf(plan: CertificatePlan, oid: string): ExtensionPlan | undefined {
  return plan.extensions?.find((extension) => extension.oid === oid);
}

export function removeExtension(plan: CertificatePlan, oid: string): void {
  plan.extensions = plan.extensions?.filter((extension) => extension.oid !== oid);
}

/** Replaces the extension, or adds it. */
export function setExtension(plan: CertificatePlan, oid: string, value: Buffer, critical = false): void {
  removeExtension(plan, oid);
  plan.extensions?.push({ oid, critical, value });
}
