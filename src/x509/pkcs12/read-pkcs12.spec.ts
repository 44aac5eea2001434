import { beforeAll, describe, expect, it } from 'vitest';

import { hex, objectIdentifier, sequence } from '../../../test/support/der.js';
import { generateKeyPair, keyPair, type KeyType } from '../../../test/support/keys.js';
import {
  certificateBag,
  dataContent,
  encrypt,
  encryptedContent,
  integer,
  keyBag,
  type MacDigest,
  macOf,
  macOver,
  nestedBag,
  octets,
  passwordBased,
  pbes2,
  pbmac1Over,
  pfxOf,
  pkcs8Of,
  shroudedKeyBag,
} from '../../../test/support/pkcs12.js';
import { type IssuedCertificate, issueCertificate, testAuthority } from '../../../test/support/pki.js';
import { readPkcs12 as readAt } from './read-pkcs12.js';

const NOW = new Date('2026-06-01');
const readPkcs12 = (file: Buffer, password: string | undefined) => readAt(file, password, NOW);

const problemOf = (file: Buffer, password?: string) => {
  const result = readPkcs12(file, password);
  return result.ok ? undefined : result.problem;
};

/** The offset of the private value in the PKCS#8 of a P-256 key. */
const EC_SCALAR = { start: 36, end: 68 };

let root: IssuedCertificate;
let intermediate: IssuedCertificate;
let leaf: IssuedCertificate;
let key: Buffer;

beforeAll(async () => {
  root = await testAuthority({ name: 'Root' });
  intermediate = await testAuthority({ name: 'Intermediate', issuer: root });
  leaf = await issueCertificate({ subject: [{ CN: ['Leaf'] }], issuer: intermediate });
  key = await pkcs8Of(leaf.keys);
});

describe('readPkcs12 opens', () => {
  it.each<KeyType>(['RSA-2048', 'EC-P256', 'EC-P384', 'Ed25519'])(
    'PKCS#12: a file with a %s key and its certificate',
    async (keyType) => {
      const { der, keys } = await issueCertificate({ subject: [{ CN: [keyType] }], keyType });
      const privateKey = await pkcs8Of(keys);
      const file = pfxOf([dataContent(certificateBag(der), keyBag(privateKey))]);
      expect(readPkcs12(file, undefined)).toEqual({ ok: true, leaf: der, chain: [], privateKey });
    },
  );

  it('PKCS#12: a file in any order: the leaf is the one of the key, its chain is sorted, other certificates keep their order', async () => {
    const otherAuthorities = await Promise.all(['X', 'Y'].map(async (name) => await testAuthority({ name })));
    const others = [otherAuthorities[0], root, otherAuthorities[1], intermediate].map((issued) =>
      certificateBag(issued?.der ?? hex('')),
    );
    const file = pfxOf([dataContent(...others, certificateBag(leaf.der), keyBag(key))]);
    expect(readPkcs12(file, undefined)).toMatchObject({
      leaf: leaf.der,
      chain: [intermediate, root, ...otherAuthorities].map(({ der }) => der),
    });
  });

  it('PKCS#12: a file with a self-issued certificate twice, without an endless loop', () => {
    const file = pfxOf([
      dataContent(certificateBag(root.der), certificateBag(root.der), certificateBag(leaf.der), keyBag(key)),
    ]);
    expect(readPkcs12(file, undefined)).toMatchObject({ leaf: leaf.der, chain: [root.der, root.der] });
  });

  it('PKCS#12: an encrypted file without a MAC, with nested bags', () => {
    const bags = sequence(nestedBag(certificateBag(leaf.der)));
    const shrouded = shroudedKeyBag(pbes2(), encrypt(key, 'secret'));
    const file = pfxOf([encryptedContent(pbes2(), encrypt(bags, 'secret')), dataContent(nestedBag(shrouded))]);
    expect(readPkcs12(file, 'secret')).toMatchObject({ ok: true, leaf: leaf.der, privateKey: key });
  });

  it.each([
    ['an absent password is the empty one', '', undefined],
    ['an empty password is the empty one', '', ''],
    ['letters beyond ASCII', 'Grüße 世界 🔑', 'Grüße 世界 🔑'],
    ['such letters as OpenSSL 1.0.2 encodes them', 'GrÃ¼Ã\u009fe', 'Grüße'],
    ['such letters as node-forge encodes them', Buffer.from('4772fcdf65', 'hex'), 'Grüße'],
  ])('PKCS#12: passwords: %s', (_, written, given) => {
    const shrouded = shroudedKeyBag(pbes2(), encrypt(key, written));
    const file = pfxOf([dataContent(certificateBag(leaf.der), shrouded)]);
    expect(readPkcs12(file, given)).toMatchObject({ ok: true, privateKey: key });
  });

  it.each([
    ['composed, in a file that has it decomposed', 'Zu\u0308rich', 'Z\u00fcrich'],
    ['decomposed, in a file that has it composed', 'Z\u00fcrich', 'Zu\u0308rich'],
  ])('PKCS#12: passwords: %s', (_, written, given) => {
    const file = pfxOf([dataContent(certificateBag(leaf.der), shroudedKeyBag(pbes2(), encrypt(key, written)))]);
    expect(readPkcs12(file, given)).toMatchObject({ ok: true, privateKey: key });
  });
});

/** SHA-3 digests: OID, OID of the HMAC, and block size in octets. */
const SHA3: readonly (MacDigest & { readonly hmac: string })[] = [
  { name: 'sha3-224', oid: '2.16.840.1.101.3.4.2.7', hmac: '2.16.840.1.101.3.4.2.13', block: 144 },
  { name: 'sha3-256', oid: '2.16.840.1.101.3.4.2.8', hmac: '2.16.840.1.101.3.4.2.14', block: 136 },
  { name: 'sha3-384', oid: '2.16.840.1.101.3.4.2.9', hmac: '2.16.840.1.101.3.4.2.15', block: 104 },
  { name: 'sha3-512', oid: '2.16.840.1.101.3.4.2.10', hmac: '2.16.840.1.101.3.4.2.16', block: 72 },
];

describe.each(SHA3)('HMAC-SHA-3, $name', (digest) => {
  const { name, hmac } = digest;
  const contents = () => [
    dataContent(certificateBag(leaf.der), shroudedKeyBag(pbes2({ prf: hmac }), encrypt(key, 'secret', name))),
  ];

  it('PKCS#12: as the PRF of PBES2, without a MAC', () => {
    expect(readPkcs12(pfxOf(contents()), 'secret')).toMatchObject({ ok: true, leaf: leaf.der, privateKey: key });
    expect(problemOf(pfxOf(contents()), 'other')).toBeDefined();
  });

  it.each([
    ['as the MAC of RFC 7292', () => macOver(contents(), 'secret', digest)],
    ['as the MAC of RFC 9579, PBMAC1', () => pbmac1Over(contents(), 'secret', hmac, name)],
  ])('PKCS#12: %s', (_, mac) => {
    expect(readPkcs12(pfxOf(contents(), mac()), 'secret')).toMatchObject({ ok: true, leaf: leaf.der, privateKey: key });
    expect(problemOf(pfxOf(contents(), mac()), 'other')).toBe(problemOf(pfxOf(contents(), macOf(1)), 'secret'));
  });
});

const issued = async (notBefore: string, notAfter: string) =>
  (await issueCertificate({ subject: [{ CN: ['Leaf'] }], keys: leaf.keys, notBefore, notAfter })).der;

const leafOf = (...bags: Buffer[]) => {
  const result = readPkcs12(pfxOf([dataContent(...bags)]), undefined);
  return result.ok ? result.leaf : result.problem;
};

describe('which certificate is the leaf', () => {
  let old: Buffer;
  let renewed: Buffer;
  let future: Buffer;

  beforeAll(async () => {
    old = await issued('2020-01-01', '2021-01-01');
    renewed = await issued('2026-02-01', '2027-02-01');
    future = await issued('2030-01-01', '2031-01-01');
  });

  it('PKCS#12: of several certificates of the key the latest valid one, in any order', () => {
    const bags = [old, leaf.der, renewed, future].map((der) => certificateBag(der));
    expect(leafOf(...bags, keyBag(key))).toEqual(renewed);
    expect(leafOf(keyBag(key), ...bags.toReversed())).toEqual(renewed);
  });

  it('PKCS#12: the latest one if none is valid', () => {
    expect(leafOf(certificateBag(future), certificateBag(old), keyBag(key))).toEqual(future);
  });

  it('PKCS#12: the one with the local key ID of the key, even if it is older', () => {
    const bags = [certificateBag(renewed, 'other'), certificateBag(old, 'this'), certificateBag(leaf.der)];
    expect(leafOf(...bags, keyBag(key, 'this'))).toEqual(old);
    expect(leafOf(...bags, keyBag(key, 'of none'))).toEqual(renewed);
    const inside = encryptedContent(pbes2(), encrypt(sequence(...bags), 'secret'));
    const file = pfxOf([inside, dataContent(keyBag(key, 'this'))]);
    expect(readPkcs12(file, 'secret')).toMatchObject({ leaf: old });
  });

  it('PKCS#12: a repeated key counts once, with both of its local key IDs', () => {
    const bags = [certificateBag(old, 'a'), certificateBag(renewed, 'b'), keyBag(key, 'a'), keyBag(key, 'b')];
    expect(leafOf(...bags)).toEqual(renewed);
  });

  it('PKCS#12: a second key without a certificate is ignored', async () => {
    const other = await pkcs8Of(await generateKeyPair('EC-P256'));
    expect(leafOf(certificateBag(leaf.der), keyBag(other), keyBag(key))).toEqual(leaf.der);
    expect(leafOf(certificateBag(leaf.der), keyBag(key), keyBag(other))).toEqual(leaf.der);
    const inside = encryptedContent(pbes2(), encrypt(sequence(keyBag(other), keyBag(key)), 'secret'));
    const file = pfxOf([inside, dataContent(certificateBag(leaf.der))]);
    expect(readPkcs12(file, 'secret')).toMatchObject({ leaf: leaf.der, privateKey: key });
  });

  it('PKCS#12: several keys with certificates are refused with their number', async () => {
    const others = await Promise.all(
      [1, 2].map(
        async () => await issueCertificate({ subject: [{ CN: ['O'] }], keys: await generateKeyPair('EC-P256') }),
      ),
    );
    const keys = [keyBag(key), ...(await Promise.all(others.map(async (other) => keyBag(await pkcs8Of(other.keys)))))];
    const certificates = [leaf, ...others].map(({ der }) => certificateBag(der));
    const refusal = {
      ok: false,
      problem: 'severalPrivateKeys',
      message: 'The file holds 3 private keys with a certificate; send a file with only one.',
    };
    expect(readPkcs12(pfxOf([dataContent(...certificates, ...keys)]), undefined)).toEqual(refusal);
    const inside = encryptedContent(pbes2(), encrypt(sequence(...keys), 'secret'));
    expect(readPkcs12(pfxOf([inside, dataContent(...certificates)]), 'secret')).toEqual(refusal);
  });

  it('PKCS#12: of issuers with the same name the one that signed follows', async () => {
    const sameNames = await Promise.all(
      [1, 2].map(
        async () => await testAuthority({ name: 'Intermediate', issuer: root, keys: await generateKeyPair('EC-P256') }),
      ),
    );
    const bags = [...sameNames, intermediate].map(({ der }) => certificateBag(der));
    expect(readPkcs12(pfxOf([dataContent(...bags, certificateBag(leaf.der), keyBag(key))]), undefined)).toMatchObject({
      chain: [intermediate, ...sameNames].map(({ der }) => der),
    });
  });
});

describe('readPkcs12 refuses', () => {
  it('PKCS#12: no private key', () => {
    expect(problemOf(pfxOf([dataContent(certificateBag(leaf.der))]))).toBe('noPrivateKey');
    expect(problemOf(pfxOf([dataContent()]))).toBe('noPrivateKey');
  });

  it('PKCS#12: no certificate', () => {
    expect(problemOf(pfxOf([dataContent(keyBag(key))]))).toBe('noCertificate');
  });

  it('PKCS#12: key and certificate do not match', async () => {
    const other = await pkcs8Of(await keyPair('EC-P256', 'somebody else'));
    expect(problemOf(pfxOf([dataContent(certificateBag(leaf.der), keyBag(other))]))).toBe('keyDoesNotMatch');
  });

  it('PKCS#12: a private key that only contains the public key of the certificate', async () => {
    const { der, keys } = await issueCertificate({ subject: [{ CN: ['KillableServer'] }], keyType: 'EC-P256' });
    const forged = await pkcs8Of(keys);
    (await pkcs8Of(await keyPair('EC-P256', 'somebody else'))).copy(
      forged,
      EC_SCALAR.start,
      EC_SCALAR.start,
      EC_SCALAR.end,
    );
    expect(problemOf(pfxOf([dataContent(certificateBag(der), keyBag(forged))]))).toBe('keyDoesNotMatch');
  });

  it('PKCS#12: every wrong password, also where only the padding shows it', () => {
    const shrouded = shroudedKeyBag(pbes2(), encrypt(key, 'secret'));
    const file = pfxOf([dataContent(certificateBag(leaf.der), shrouded)]);
    expect(readPkcs12(file, 'secret').ok).toBe(true);
    const wrong = Array.from({ length: 1500 }, (_, number) => problemOf(file, `wrong ${number}`));
    expect(new Set(wrong)).toEqual(new Set(['wrongPassword']));
    for (const password of [undefined, '', 'secret ', 'secret\0'])
      expect(problemOf(file, password)).toBe('wrongPassword');
  });

  it('PKCS#12: a wrong MAC as a wrong password', () => {
    const file = pfxOf([dataContent(certificateBag(leaf.der), keyBag(key))], macOf(1));
    expect(readPkcs12(file, 'secret')).toEqual({
      ok: false,
      problem: 'wrongPassword',
      message: 'Wrong password or damaged file.',
    });
  });

  it.each([
    [
      'a cipher',
      encryptedContent(pbes2({ cipher: '2.16.840.1.101.3.4.1.46' }), hex('')),
      '2.16.840.1.101.3.4.1.46 (aes256-GCM)',
    ],
    [
      'a derivation',
      encryptedContent(pbes2({ derivation: '1.3.6.1.4.1.11591.4.11' }), hex('')),
      '1.3.6.1.4.1.11591.4.11 (scrypt)',
    ],
    [
      'a function of a derivation',
      encryptedContent(pbes2({ prf: '1.2.643.7.1.1.4.2' }), hex('')),
      '1.2.643.7.1.1.4.2 (hmacWithGostR3411-2012-512)',
    ],
    ['an algorithm without a name', encryptedContent(passwordBased('1.2.3.4', 1), hex('')), '1.2.3.4'],
    [
      'a content',
      sequence(objectIdentifier('1.2.840.113549.1.7.3'), hex('a0023000')),
      '1.2.840.113549.1.7.3 (envelopedData)',
    ],
  ])('PKCS#12: an unsupported algorithm by its name: %s', (_, content, name) => {
    const result = readPkcs12(pfxOf([content]), 'secret');
    expect(result).toEqual({ ok: false, problem: 'unsupportedAlgorithm', message: `Unsupported algorithm: ${name}.` });
  });

  it('PKCS#12: an HMAC in place of the digest of the MAC, as Java writes if it is told to, by its name', () => {
    const file = pfxOf([dataContent(certificateBag(leaf.der), keyBag(key))], macOf(1, '1.2.840.113549.2.9'));
    const message = 'Unsupported algorithm: 1.2.840.113549.2.9 (hmacWithSHA256).';
    expect(readPkcs12(file, 'secret')).toEqual({ ok: false, problem: 'unsupportedAlgorithm', message });
  });

  it.each([
    ['a JKS file', hex('feedfeed00000002'), ' It is a Java key store; convert it: keytool -importkeystore'],
    ['a JCEKS file', hex('cececece00000002'), ' It is a Java key store; convert it: keytool -importkeystore'],
    ['PEM, which certtool --to-p12 writes', Buffer.from('-----BEGIN PKCS12-----\nMIIK'), ' It is text, as PEM'],
    ['base64', Buffer.from('MIIKTwIBAzCCChUGCSqGSIb3DQEHAaCC'), ' It is text, as PEM'],
    ['something else', Buffer.from('bytes'), ''],
    ['nothing', Buffer.alloc(0), ''],
  ])('PKCS#12: %s as corrupt, with advice if it is known what it is', (_, file, advice) => {
    const result = readPkcs12(file, undefined);
    expect(result).toMatchObject({ ok: false, problem: 'corruptFile' });
    const message = result.ok ? '' : result.message;
    expect(message.startsWith(`The file is corrupt: it cannot be read as PKCS#12.${advice}`)).toBe(true);
    if (advice === '') expect(message).toMatch(/PKCS#12\.$/);
  });

  it('PKCS#12: a private key of a type unknown to OpenSSL as an unsupported algorithm', () => {
    const unknown = sequence(integer(0), sequence(objectIdentifier('1.2.643.7.1.1.1.1')), octets(hex('0400')));
    expect(problemOf(pfxOf([dataContent(certificateBag(leaf.der), keyBag(unknown))]))).toBe('unsupportedAlgorithm');
  });

  it('PKCS#12: bytes in place of a certificate', () => {
    expect(problemOf(pfxOf([dataContent(certificateBag(Buffer.from('bytes')), keyBag(key))]))).toBe('corruptFile');
  });

  it.each([
    ['600,001 in the MAC', 1, 600_001],
    ['600,001 in the encryption', 600_001, 1],
    ['2³¹ in the MAC', 1, 2 ** 31],
    ['2³¹ in the encryption', 2 ** 31, 1],
    ['2³¹ in both', 2 ** 31, 2 ** 31],
    ['2⁴⁰ in both', 2 ** 40, 2 ** 40],
  ])('PKCS#12: too many iterations: %s', (_, encryption, mac) => {
    for (const algorithm of [pbes2({ iterations: encryption }), passwordBased('1.2.840.113549.1.12.1.3', encryption)]) {
      const content = encryptedContent(algorithm, Buffer.alloc(16));
      expect(problemOf(pfxOf([content], macOf(mac)), 'secret')).toBe('tooManyIterations');
      const shrouded = dataContent(nestedBag(shroudedKeyBag(algorithm, Buffer.alloc(16))));
      expect(problemOf(pfxOf([shrouded], macOf(mac)), 'secret')).toBe('tooManyIterations');
    }
  });
});
