import { constants, createHash, generateKeyPairSync } from 'node:crypto';

import { describe, expect, it, test } from 'vitest';

import { hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import {
  authority,
  type AuthorityRequest,
  ecKeys,
  endEntity,
  type Issued,
  type Keys,
} from '../../../test/support/signed-certificate.js';
import type { PublicKeyInfo } from '../certificate/certificate.js';
import { readSequence } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { findWeakKey } from './algorithms.js';
import { findPath } from './find-path.js';
import { type AlgorithmRules, PRODUCTION_ALGORITHMS, productionParameters } from './path-parameters.js';
import { prepareAnchors } from './prepared-anchors.js';

const production = productionParameters(new Date('2026-06-01T00:00:00Z'));

function verdict(leaf: Issued, issuers: readonly Issued[], rules: Partial<AlgorithmRules> = {}): string {
  const [anchor, ...intermediates] = issuers.map(({ certificate }) => certificate);
  const set = prepareAnchors(anchor === undefined ? [] : [anchor], intermediates);
  const result = findPath(leaf.certificate, set, { ...production, algorithms: { ...PRODUCTION_ALGORITHMS, ...rules } });
  return result.proven ? 'proven' : `${result.reason} ${result.detail}`;
}

const rsaKeys = (modulusLength: number, publicExponent = 65537): Keys =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
const algorithm = (oid: string, ...parameters: readonly Buffer[]) => sequence(objectIdentifier(oid), ...parameters);
const NULL = hex('0500');

const rsa2048 = rsaKeys(2048);
const rsa1024 = rsaKeys(1024);
const dsa1024 = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
const root = authority('Root');
const rsaRequest = { keys: rsa2048, algorithm: algorithm('1.2.840.113549.1.1.11', NULL) };
const rsaRoot = authority('RSA Root', rsaRequest);

const named = (issuer: Issued, oid: string, digest: string | null, ...parameters: readonly Buffer[]): Issued =>
  endEntity(issuer, { algorithm: algorithm(oid, ...parameters), digest });

const number = (tag: number, value: number) => tlv(tag, tlv(Tag.integer, Buffer.of(value)));

const pss = (digest: string, saltLength: number, ...fields: readonly Buffer[]): Issued =>
  endEntity(rsaRoot, {
    algorithm: algorithm('1.2.840.113549.1.1.10', sequence(...fields)),
    digest,
    signing: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
  });

describe('12.3 signatures', () => {
  test.each([
    ['1.2.840.113549.1.1.14', 'sha224'],
    ['1.2.840.113549.1.1.11', 'sha256'],
    ['1.2.840.113549.1.1.12', 'sha384'],
    ['1.2.840.113549.1.1.13', 'sha512'],
    ['1.2.840.113549.1.1.15', 'sha512-224'],
    ['1.2.840.113549.1.1.16', 'sha512-256'],
    ['2.16.840.1.101.3.4.3.13', 'sha3-224'],
    ['2.16.840.1.101.3.4.3.14', 'sha3-256'],
    ['2.16.840.1.101.3.4.3.15', 'sha3-384'],
    ['2.16.840.1.101.3.4.3.16', 'sha3-512'],
  ])('12.3 RSA with %s (%s) counts', (oid, digest) => {
    expect(verdict(named(rsaRoot, oid, digest, NULL), [rsaRoot])).toBe('proven');
  });

  test.each([['1.2.840.113549.1.1.5'], ['1.3.14.3.2.29']])(
    '12.3 RSA with SHA-1 (%s) counts only where the rules allow it',
    (oid) => {
      const leaf = named(rsaRoot, oid, 'sha1', NULL);
      expect(verdict(leaf, [rsaRoot])).toBe('weakAlgorithm Its signature uses SHA-1.');
      expect(verdict(leaf, [rsaRoot], { sha1: true })).toBe('proven');
    },
  );

  test.each([
    ['1.2.840.10040.4.3', 'sha1'],
    ['2.16.840.1.101.3.4.3.1', 'sha224'],
    ['2.16.840.1.101.3.4.3.2', 'sha256'],
    ['2.16.840.1.101.3.4.3.3', 'sha384'],
    ['2.16.840.1.101.3.4.3.4', 'sha512'],
  ])('12.3 DSA with %s (%s) counts where the rules allow it', (oid, digest) => {
    const anchor = authority('DSA Root', { keys: dsa1024, algorithm: algorithm(oid), digest });
    expect(verdict(named(anchor, oid, digest), [anchor], { dsa: true, sha1: true })).toBe('proven');
  });

  test.each([
    ['P-224', '1.2.840.10045.4.3.1', 'sha224'],
    ['P-256', '1.2.840.10045.4.3.2', 'sha256'],
    ['P-384', '1.2.840.10045.4.3.3', 'sha384'],
    ['P-521', '1.2.840.10045.4.3.4', 'sha512'],
    ['P-256', '2.16.840.1.101.3.4.3.9', 'sha3-224'],
    ['P-256', '2.16.840.1.101.3.4.3.10', 'sha3-256'],
    ['P-384', '2.16.840.1.101.3.4.3.11', 'sha3-384'],
    ['P-521', '2.16.840.1.101.3.4.3.12', 'sha3-512'],
    ['secp256k1', '1.2.840.10045.4.3.2', 'sha256'],
    ['brainpoolP256r1', '1.2.840.10045.4.3.2', 'sha256'],
  ])('12.3 ECDSA on %s with %s (%s) counts', (curve, oid, digest) => {
    const anchor = authority('EC Root', { keys: ecKeys(curve) });
    expect(verdict(named(anchor, oid, digest), [anchor])).toBe('proven');
  });

  test.each([
    ['1.3.101.112', generateKeyPairSync('ed25519')],
    ['1.3.101.113', generateKeyPairSync('ed448')],
  ])('12.3 EdDSA %s counts', (oid, keys) => {
    const request = { keys, algorithm: algorithm(oid), digest: null };
    const anchor = authority('EdDSA Root', request);
    expect(verdict(named(anchor, oid, null), [anchor])).toBe('proven');
  });

  test.each([
    ['ML-DSA', '2.16.840.1.101.3.4.3.17', generateKeyPairSync('ml-dsa-44'), 1],
    ['SLH-DSA', '2.16.840.1.101.3.4.3.27', generateKeyPairSync('slh-dsa-shake-128f'), 8],
  ])('12.2 %s (%s) counts, at the cost of its time', (_, oid, keys, signatureChecks) => {
    const anchor = authority('Post-quantum Root', { keys, algorithm: algorithm(oid), digest: null });
    const set = prepareAnchors([anchor.certificate], []);
    const result = findPath(named(anchor, oid, null).certificate, set, production);
    expect(result).toMatchObject({ proven: true, cost: { signatureChecks } });
  });

  test.each([
    ['MD2', '1.2.840.113549.1.1.2', NULL],
    ['MD5', '1.2.840.113549.1.1.4', NULL],
    ['an unknown algorithm', '1.2.3.4', NULL],
  ])('12.3 %s never counts', (_, oid, parameters) => {
    const leaf = named(rsaRoot, oid, 'sha256', parameters);
    expect(verdict(leaf, [rsaRoot], { sha1: true })).toBe(
      'weakAlgorithm Its signature algorithm is not known, or is too weak.',
    );
  });

  it('12.3 SHA-1 counts only where the rules allow it, and always in the anchor itself', () => {
    const request = { algorithm: algorithm('1.2.840.10045.4.1'), digest: 'sha1' };
    const leaf = endEntity(root, request);
    expect(verdict(leaf, [root])).toBe('weakAlgorithm Its signature uses SHA-1.');
    expect(verdict(leaf, [root], { sha1: true })).toBe('proven');
    const intermediate = authority('Intermediate', { issuer: root, ...request });
    expect(verdict(endEntity(intermediate), [root, intermediate])).toBe('weakAlgorithm Its signature uses SHA-1.');
    const old = authority('Old Root', request);
    expect(verdict(endEntity(old), [old])).toBe('proven');
  });

  it('12.3 an algorithm for another type of key than the issuer’s proves nothing', () => {
    const leaf = endEntity(root, { algorithm: algorithm('1.2.840.113549.1.1.11', NULL) });
    expect(verdict(leaf, [root])).toMatch(/^badSignature/);
  });

  describe('RSASSA-PSS', () => {
    const digestField = (tag: number, oid: string) => tlv(tag, sequence(objectIdentifier(oid), NULL));
    const maskField = (oid: string, mask = '1.2.840.113549.1.1.8') =>
      tlv(0xa1, sequence(objectIdentifier(mask), sequence(objectIdentifier(oid), NULL)));
    const SHA256 = '2.16.840.1.101.3.4.2.1';
    const SHA1 = '1.3.14.3.2.26';
    const salt = number(0xa2, 32);

    test.each([
      ['all of SHA-256', 'proven', pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA256), salt)],
      [
        'the trailer field encoded',
        'proven',
        pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA256), salt, number(0xa3, 1)),
      ],
      [
        'another trailer field',
        'weakAlgorithm',
        pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA256), salt, number(0xa3, 2)),
      ],
      ['another salt length', 'badSignature', pss('sha256', 20, digestField(0xa0, SHA256), maskField(SHA256), salt)],
      [
        'another digest for the mask',
        'weakAlgorithm',
        pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA1), salt),
      ],
      ['another mask', 'weakAlgorithm', pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA256, '1.2.3'), salt)],
      ['the defaults, which are SHA-1', 'weakAlgorithm', pss('sha1', 20)],
      [
        'something after its parameters',
        'weakAlgorithm',
        pss('sha256', 32, digestField(0xa0, SHA256), maskField(SHA256), salt, NULL),
      ],
    ])('12.3 with %s: %s', (_, expected, leaf) => {
      expect(verdict(leaf, [rsaRoot])).toMatch(new RegExp(`^${expected}`));
    });

    it.each([
      ['SHA-1', 'sha1', '1.3.14.3.2.26'],
      ['SHA-224', 'sha224', '2.16.840.1.101.3.4.2.4'],
      ['SHA-384', 'sha384', '2.16.840.1.101.3.4.2.2'],
      ['SHA-512', 'sha512', '2.16.840.1.101.3.4.2.3'],
      ['SHA-512/224', 'sha512-224', '2.16.840.1.101.3.4.2.5'],
      ['SHA-512/256', 'sha512-256', '2.16.840.1.101.3.4.2.6'],
      ['SHA3-224', 'sha3-224', '2.16.840.1.101.3.4.2.7'],
      ['SHA3-256', 'sha3-256', '2.16.840.1.101.3.4.2.8'],
      ['SHA3-384', 'sha3-384', '2.16.840.1.101.3.4.2.9'],
      ['SHA3-512', 'sha3-512', '2.16.840.1.101.3.4.2.10'],
    ])('12.3 with %s in both places', (_, digest, oid) => {
      const leaf = pss(digest, 32, digestField(0xa0, oid), maskField(oid), salt);
      expect(verdict(leaf, [rsaRoot], { sha1: true })).toBe('proven');
    });

    it('12.3 with the defaults, where SHA-1 is allowed', () => {
      expect(verdict(pss('sha1', 20), [rsaRoot], { sha1: true })).toBe('proven');
    });

    it('12.3 without parameters it does not count', () => {
      const leaf = endEntity(rsaRoot, { algorithm: algorithm('1.2.840.113549.1.1.10'), digest: 'sha256' });
      expect(verdict(leaf, [rsaRoot])).toMatch(/^weakAlgorithm/);
    });
  });
});

function asSigned(signature: Buffer | undefined, digest: string | null | undefined): AuthorityRequest {
  return { ...(signature && { algorithm: signature }), ...(digest !== undefined && { digest }) };
}

/** Of the RSA key with 2048 bits. */
const modulus = (): Buffer => {
  const { n = '' } = rsa2048.publicKey.export({ format: 'jwk' });
  return Buffer.concat([hex('00'), Buffer.from(n, 'base64url')]);
};

describe('12.3 keys, anywhere in the path', () => {
  const positions: readonly [string, (request: AuthorityRequest, rules?: Partial<AlgorithmRules>) => string][] = [
    ['of the leaf', (request, rules) => verdict(endEntity(root, { keys: request.keys ?? ecKeys() }), [root], rules)],
    [
      'of an intermediate',
      ({ keys = ecKeys(), algorithm: signature, digest }, rules) => {
        const issuer = authority('Intermediate', { issuer: root, keys });
        return verdict(endEntity(issuer, asSigned(signature, digest)), [root, issuer], rules);
      },
    ],
    [
      'of the anchor',
      (request, rules) => {
        const anchor = authority('Anchor', request);
        return verdict(endEntity(anchor, asSigned(request.algorithm, request.digest)), [anchor], rules);
      },
    ],
  ];

  const weak: readonly [string, string, AuthorityRequest][] = [
    ['RSA with 1024 bits', 'Its RSA key has fewer than 2048 bits.', { ...rsaRequest, keys: rsa1024 }],
    ['DSA', 'Its key is a DSA key.', { keys: dsa1024, algorithm: algorithm('2.16.840.1.101.3.4.3.2') }],
    ['P-192', 'The curve of its key is not known, or is too weak.', { keys: ecKeys('prime192v1') }],
    [
      'an explicit curve',
      'The curve of its key is not named.',
      { keys: generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }) },
    ],
  ];

  describe.each(positions)('%s', (_, place) => {
    test.each(weak)('12.3 %s: %s', (_title, detail, request) => {
      expect(place(request)).toBe(`weakAlgorithm ${detail}`);
    });

    it('12.3 RSA with 2048 bits counts', () => {
      expect(place(rsaRequest)).toBe('proven');
    });

    it('12.3 fewer bits and DSA count where the rules allow them', () => {
      expect(place({ ...rsaRequest, keys: rsa1024 }, { minimumRsaBits: 1024 })).toBe('proven');
      const signature = { keys: dsa1024, algorithm: algorithm('2.16.840.1.101.3.4.3.2') };
      expect(place(signature, { dsa: true })).toBe('proven');
    });
  });

  it('12.3 an unknown type of key does not count', () => {
    const leaf = endEntity(root, { keys: generateKeyPairSync('x25519') });
    expect(verdict(leaf, [root])).toBe('weakAlgorithm The type of its key is not known.');
  });

  it('12.2 RSA keys that are slow to check do not count', () => {
    const publicKey = rsaPublicKey(Buffer.concat([hex('00c0'), Buffer.alloc(1200, 1)]), hex('010001'));
    expect(verdict(endEntity(root, { publicKey }), [root])).toBe('weakAlgorithm Its RSA key has more than 8192 bits.');
  });

  function rsaPublicKey(octets: Buffer, exponent: Buffer): Buffer {
    const key = sequence(tlv(Tag.integer, octets), tlv(Tag.integer, exponent));
    return sequence(algorithm('1.2.840.113549.1.1.1', NULL), tlv(Tag.bitString, hex('00'), key));
  }

  /** With the exponent 1 the signature is the padded digest itself (RFC 8017 section 9.2). */
  function padded(tbsCertificate: Buffer): Buffer {
    const digest = createHash('sha256').update(tbsCertificate).digest();
    const info = sequence(algorithm('2.16.840.1.101.3.4.2.1', NULL), tlv(Tag.octetString, digest));
    return Buffer.concat([hex('0001'), Buffer.alloc(256 - 3 - info.length, 0xff), hex('00'), info]);
  }

  test.each([
    ['1, with which everybody can sign', hex('01')],
    ['2, which no key has', hex('02')],
    ['4, which no key has', hex('04')],
    ['of 65 bits', hex('010000000000000001')],
  ])('12.3 an issuer’s exponent %s', (_, exponent) => {
    const publicKey = rsaPublicKey(modulus(), exponent);
    const issuer = authority('Issuer', { issuer: root, publicKey });
    const leaf = endEntity(issuer, { algorithm: algorithm('1.2.840.113549.1.1.11', NULL), forge: padded });
    expect(verdict(leaf, [root, issuer])).toBe('malformed Its public key cannot be used.');
  });
});

describe('12.3 the description of a key', () => {
  const rules: AlgorithmRules = { sha1: false, dsa: true, minimumRsaBits: 2048 };
  test.each<[string, string | undefined, Partial<PublicKeyInfo>]>([
    ['RSA with 8192 bits', undefined, { type: 'RSA', bits: 8192 }],
    ['RSA with 8193 bits', 'Its RSA key has more than 8192 bits.', { type: 'RSA', bits: 8193 }],
    ['RSA whose size is unknown', 'Its RSA key cannot be read.', { type: 'RSA' }],
    ['RSA-PSS with 2048 bits', undefined, { type: 'RSA-PSS', bits: 2048 }],
    ['RSA-PSS with 2047 bits', 'Its RSA key has fewer than 2048 bits.', { type: 'RSA-PSS', bits: 2047 }],
    ['DSA with 3072 bits', undefined, { type: 'DSA', bits: 3072 }],
    ['DSA with 3073 bits', 'Its DSA key has more than 3072 bits.', { type: 'DSA', bits: 3073 }],
    ['DSA that inherits its size', undefined, { type: 'DSA' }],
  ])('12.3 %s: %s', (_, expected, { type = '', bits, curve }) => {
    expect(findWeakKey({ type, bits, curve }, rules)).toBe(expected);
  });
});

test('12.3 the exponent 3 counts', () => {
  const issuer = authority('Issuer', { keys: rsaKeys(2048, 3), algorithm: algorithm('1.2.840.113549.1.1.11', NULL) });
  expect(verdict(endEntity(issuer, { algorithm: algorithm('1.2.840.113549.1.1.11', NULL) }), [issuer])).toBe('proven');
});

describe('12.1 a DSA key without parameters', () => {
  const keys = dsa1024;
  const dsaRequest = { keys, algorithm: algorithm('2.16.840.1.101.3.4.3.2') };
  const rules = { dsa: true };
  const anchor = authority('DSA Root', dsaRequest);

  /** The subjectPublicKeyInfo without the parameters of the algorithm. */
  const bare = (): Buffer => {
    const fields = readSequence(keys.publicKey.export({ format: 'der', type: 'spki' }), 'the key');
    fields.next();
    return sequence(algorithm('1.2.840.10040.4.1'), fields.next().bytes);
  };

  const heir = authority('Heir', { ...dsaRequest, issuer: anchor, publicKey: bare() });
  const leaf = endEntity(heir, { algorithm: dsaRequest.algorithm, signedBy: keys });

  it('12.1 inherits those of its issuer', () => {
    expect(verdict(leaf, [anchor, heir], rules)).toBe('proven');
  });

  it('12.1 inherits through several certificates', () => {
    const second = authority('Second', { ...dsaRequest, issuer: heir, publicKey: bare() });
    expect(verdict(endEntity(second, { algorithm: dsaRequest.algorithm }), [anchor, heir, second], rules)).toBe(
      'proven',
    );
  });

  it('12.1 proves nothing below an issuer without any', () => {
    const ecHeir = authority('Heir', { keys, issuer: root, publicKey: bare() });
    expect(verdict(leaf, [root, ecHeir], rules)).toBe('malformed Its public key cannot be used.');
    const orphan = authority('Heir', { ...dsaRequest, publicKey: bare() });
    expect(verdict(leaf, [orphan], rules)).toBe('malformed Its public key cannot be used.');
  });
});
