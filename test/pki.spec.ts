import { X509Certificate } from 'node:crypto';

import { expect, test } from 'vitest';

import { type KeyType, privateKeyPem } from './support/keys.js';
import { issueCertificate, testAuthority } from './support/pki.js';

// node:crypto did not create these certificates: it reads back what was asked for.

test.each<[KeyType, string]>([
  ['RSA-2048', 'rsa'],
  ['EC-P256', 'ec'],
  ['EC-P384', 'ec'],
  ['Ed25519', 'ed25519'],
])('an authority issues a %s certificate', async (keyType, nodeType) => {
  const authority = await testAuthority({ keyType });
  const issued = await issueCertificate({
    subject: 'C=CH, O=Acme AG, CN=Jane Doe',
    issuer: authority,
    keyType,
    serial: '0abc',
    notBefore: '2026-03-01T00:00:00Z',
    notAfter: '2026-09-01T00:00:00Z',
    extensions: {
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth'],
      subjectAlternativeNames: [{ type: 'email', value: 'jane@example.com' }],
      subjectKeyIdentifier: '0102',
      authorityKeyIdentifier: true,
    },
  });
  const read = new X509Certificate(issued.pem);
  expect(read.verify(new X509Certificate(authority.pem).publicKey)).toBe(true);
  expect(read.publicKey.asymmetricKeyType).toBe(nodeType);
  expect(read.subject).toBe('C=CH\nO=Acme AG\nCN=Jane Doe');
  expect(read.issuer).toBe('C=CH\nO=Test AG\nCN=Test Root CA');
  expect(read.serialNumber).toBe('0ABC');
  expect(read.validFromDate).toEqual(new Date('2026-03-01T00:00:00Z'));
  expect(read.validToDate).toEqual(new Date('2026-09-01T00:00:00Z'));
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(read.subjectAltName).toBe('email:jane@example.com');
  expect(read.raw).toEqual(issued.der);
  expect(read.checkIssued(new X509Certificate(authority.pem))).toBe(true);
});

test('a certificate without an issuer is self-signed', async () => {
  const { pem } = await issueCertificate({ subject: 'CN=Alone', hash: 'SHA-384' });
  const read = new X509Certificate(pem);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.signatureAlgorithm).toBe('ecdsa-with-SHA384');
});

test('a certificate can have an extension with any content', async () => {
  const other = [{ oid: '2.5.29.17', value: '30ff' }];
  const { der } = await issueCertificate({ subject: 'CN=Odd', extensions: { other } });
  expect(der.includes(Buffer.from('0603551d11040230ff', 'hex'))).toBe(true);
});

test('the private key can be exported as PEM', async () => {
  const { keys } = await issueCertificate({ subject: 'CN=Key' });
  expect(await privateKeyPem(keys.privateKey)).toMatch(
    /^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----\n$/,
  );
});
