import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import { CLIENT_AUTH } from '../support/signed-certificate.js';
import {
  type CertificatePlan,
  ECDSA_WITH_SHA256,
  encodeCertificate,
  keyIdentifier,
  nameOf,
  Oid,
  POOL,
  utcTime,
} from './certificate-plan.js';
import type { Random } from './random.js';

/** The instant at which all chains are validated. */
export const TIME = new Date('2026-06-01T12:00:00Z');

export const POLICY = '1.3.6.1.4.1.55738.1';
export const ANY_POLICY = '2.5.29.32.0';

/** The inputs of RFC 5280 section 6.1.1 (c), (e), (f) and (g) that differ from the production profile. */
export interface PolicyOptions {
  acceptedPolicy: string | undefined;
  explicitPolicy: boolean;
  inhibitMapping: boolean;
  inhibitAnyPolicy: boolean;
}

export interface ChainPlan {
  /** Unique among all chains of a run. */
  readonly name: string;
  /** From the leaf to the anchor. */
  path: CertificatePlan[];
  /** Intermediates that are not part of the path. */
  others: CertificatePlan[];
  policies: PolicyOptions;
}

export interface EncodedChain {
  readonly name: string;
  readonly leaf: Buffer;
  readonly intermediates: readonly Buffer[];
  readonly anchors: readonly Buffer[];
  readonly policies: PolicyOptions;
}

export function encodeChain({ name, path, others, policies }: ChainPlan): EncodedChain {
  // One plan is one certificate: encoded again, it would have another signature.
  const encoded = new Map([...path, ...others].map((plan) => [plan, encodeCertificate(plan)]));
  const [leaf = Buffer.alloc(0), ...issuers] = path.map((plan) => encoded.get(plan) ?? Buffer.alloc(0));
  return {
    name,
    leaf,
    intermediates: [...others.map(encodeCertificate), ...issuers.slice(0, -1)],
    anchors: issuers.slice(-1),
    policies,
  };
}

/** A chain without a flaw. */
export function soundChain(name: string, random: Random): ChainPlan {
  const keys = [...POOL].slice(random.below(8));
  const [leafKeys = POOL[0]] = keys;
  if (leafKeys === undefined) throw new RangeError('The pool of keys is empty.');
  const roles = random.pick([['Root'], ['Root', 'Issuer'], ['Root', 'Issuer'], ['Root', 'Upper', 'Lower']]);
  const issuers: CertificatePlan[] = [];
  for (const [index, role] of roles.entries()) {
    issuers.unshift(authorityPlan(name, role, keys[index + 1] ?? leafKeys, issuers[0]));
  }
  const chain: ChainPlan = {
    name,
    path: [leafPlan(name, leafKeys, issuers[0]), ...issuers],
    others: [],
    policies: { acceptedPolicy: undefined, explicitPolicy: false, inhibitMapping: false, inhibitAnyPolicy: false },
  };
  vary(chain, random);
  return chain;
}

/** Other shapes of a chain that is sound. */
function vary(chain: ChainPlan, random: Random): void {
  const [leaf, issuer, above] = chain.path;
  if (leaf === undefined || issuer === undefined) return;
  switch (random.below(6)) {
    case 0:
      // An anchor that is not self-signed.
      if (above !== undefined) chain.path.pop();
      break;
    case 1:
      // Another CA of the same name.
      if (above !== undefined) chain.others.push(authorityPlan(chain.name, 'Issuer', POOL[14] ?? leaf.keys, above));
      break;
    case 2:
      chain.others.push({ ...leaf });
      break;
    default:
  }
}

function emptyPlan(name: string, role: string, issuer: CertificatePlan | undefined): CertificatePlan {
  const subject = nameOf(name, role);
  const keys = POOL[0];
  if (keys === undefined) throw new RangeError('The pool of keys is empty.');
  return {
    subject,
    issuer: issuer?.subject ?? subject,
    keys,
    signer: issuer?.keys ?? keys,
    version: 2,
    serialNumber: Buffer.concat([hex('01'), Buffer.from(`${name}${role}`).subarray(0, 16)]),
    notBefore: utcTime('260101000000Z'),
    notAfter: utcTime('270101000000Z'),
    extensions: [],
    algorithm: ECDSA_WITH_SHA256,
    outerAlgorithm: undefined,
    digest: 'sha256',
    publicKey: undefined,
    corruptSignature: false,
    recode: undefined,
  };
}

export function authorityPlan(
  name: string,
  role: string,
  keys: CertificatePlan['keys'],
  issuer: CertificatePlan | undefined,
): CertificatePlan {
  return {
    ...emptyPlan(name, role, issuer),
    keys,
    signer: issuer?.keys ?? keys,
    notBefore: utcTime('200101000000Z'),
    notAfter: utcTime('400101000000Z'),
    extensions: [
      { oid: Oid.basicConstraints, critical: true, value: basicConstraintsValue(true) },
      { oid: Oid.keyUsage, critical: true, value: keyUsageValue(0b0000_0110, 1) },
      { oid: Oid.subjectKeyIdentifier, critical: false, value: tlv(Tag.octetString, keyIdentifier(keys)) },
      { oid: Oid.authorityKeyIdentifier, critical: false, value: authorityKey(issuer?.keys ?? keys) },
      { oid: Oid.certificatePolicies, critical: false, value: policiesValue(issuer ? POLICY : ANY_POLICY) },
    ],
  };
}

function leafPlan(name: string, keys: CertificatePlan['keys'], issuer: CertificatePlan | undefined): CertificatePlan {
  return {
    ...emptyPlan(name, 'Jane Doe', issuer),
    keys,
    extensions: [
      { oid: Oid.keyUsage, critical: true, value: keyUsageValue(0b1000_0000, 7) },
      { oid: Oid.extendedKeyUsage, critical: false, value: sequence(objectIdentifier(CLIENT_AUTH)) },
      { oid: Oid.authorityKeyIdentifier, critical: false, value: authorityKey(issuer?.keys ?? keys) },
      { oid: Oid.certificatePolicies, critical: false, value: policiesValue(POLICY) },
      { oid: Oid.subjectAltName, critical: false, value: sequence(...LEAF_NAMES) },
    ],
  };
}

const general = (tag: number, text: string) => tlv(tag, Buffer.from(text, 'latin1'));
export const mail = (text: string): Buffer => general(0x81, text);
export const dns = (text: string): Buffer => general(0x82, text);
export const uri = (text: string): Buffer => general(0x86, text);
export const ip = (digits: string): Buffer => tlv(0x87, hex(digits));

const LEAF_NAMES = [
  dns('pc.branch.example.com'),
  mail('jane@mail.example.com'),
  uri('https://www.example.com/jane'),
  ip('0a010203'),
];

export function authorityKey(keys: CertificatePlan['keys']): Buffer {
  return sequence(tlv(0x80, keyIdentifier(keys)));
}

export function basicConstraintsValue(cA: boolean, pathLength?: Buffer): Buffer {
  return sequence(
    ...(cA ? [tlv(Tag.boolean, hex('ff'))] : []),
    ...(pathLength === undefined ? [] : [tlv(Tag.integer, pathLength)]),
  );
}

export function keyUsageValue(octet: number, unusedBits: number): Buffer {
  return tlv(Tag.bitString, Buffer.of(unusedBits, octet));
}

export function policiesValue(...policies: readonly string[]): Buffer {
  return sequence(...policies.map((policy) => sequence(objectIdentifier(policy))));
}
