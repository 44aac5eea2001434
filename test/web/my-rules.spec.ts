import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';

import { type CertificateFile, certificateIn } from '../../web/src/features/my/certificate-file.js';
import { changeOf, detailsOf } from '../../web/src/features/my/details.js';
import { shownName } from '../../web/src/features/my/distinguished-name.js';
import { keyPair } from '../support/keys.js';
import { issueCertificate } from '../support/pki.js';

const octets = (text: string) => new TextEncoder().encode(text);
const kindOf = (read: CertificateFile) => (read.ok ? read.count : read.problem);

describe('certificateIn', () => {
  it('takes PEM, base64 and DER as the same certificate', async () => {
    const { pem, der } = await issueCertificate({ subject: [{ CN: ['Jane Doe'] }] });
    const forms = [
      octets(pem),
      octets(`\uFEFFsubject=CN=Jane Doe\r\n${pem.replaceAll('\n', '\r\n')}`),
      octets(der.toString('base64')),
      Buffer.from(`\uFEFF${pem}`, 'utf16le'),
      der,
    ];
    for (const form of forms) {
      const read = certificateIn(form);
      expect(read.ok && new x509.X509Certificate(read.pem).equal(new x509.X509Certificate(pem))).toBe(true);
    }
  });

  it('takes the first certificate of several, and says how many there are', async () => {
    const first = await issueCertificate({ subject: [{ CN: ['Jane Doe'] }] });
    const second = await issueCertificate({ subject: [{ CN: ['CA'] }] });
    const read = certificateIn(octets(first.pem + second.pem));
    expect(read).toMatchObject({ ok: true, count: 2 });
    expect(read.ok && new x509.X509Certificate(read.pem).subject).toBe('CN=Jane Doe');
  });

  it('tells a request from a certificate, as PEM and as DER', async () => {
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=Jane Doe',
      keys: (await keyPair('EC-P256')) as CryptoKeyPair,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    expect(kindOf(certificateIn(octets(request.toString('pem'))))).toBe('request');
    expect(kindOf(certificateIn(new Uint8Array(request.rawData)))).toBe('request');
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'empty'],
    ['a private key in PEM', octets('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n'), 'privateKey'],
    ['a private key in DER (PKCS #8)', Uint8Array.of(0x30, 0x04, 0x02, 0x01, 0x00, 0x30), 'privateKey'],
    ['a key store (PKCS #12)', Uint8Array.of(0x30, 0x82, 0x09, 0x00, 0x02, 0x01, 0x03, 0x30), 'keyStore'],
    ['a bundle (PKCS #7)', Uint8Array.of(0x30, 0x82, 0x09, 0x00, 0x06, 0x09, 0x2a), 'bundle'],
    ['a bundle in PEM', octets('-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n'), 'bundle'],
    ['another text', octets('Dear Jane, here is your certificate.'), 'noCertificate'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a), 'noCertificate'],
  ])('does not take %s', (_title, file, problem) => {
    expect(kindOf(certificateIn(file))).toBe(problem);
  });
});

describe('shownName', () => {
  it.each([
    ['CN=Jane Doe,OU=IT,O=Acme AG,C=CH', 'Jane Doe'],
    ['OU=IT,CN=Jane Doe', 'Jane Doe'],
    ['CN=Jane Doe+UID=7,O=Acme AG', 'Jane Doe'],
    [String.raw`CN=Doe\, Jane \+ Co,O=Acme AG`, 'Doe, Jane + Co'],
    [String.raw`CN=Jane \E2\80\AEeoD`, 'Jane \u202EeoD'],
    ['O=Acme AG,C=CH', 'O=Acme AG,C=CH'],
  ])('%s', (dn, name) => {
    expect(shownName(dn)).toBe(name);
  });

  it('is absent without a subject', () => {
    expect(shownName(undefined)).toBeUndefined();
  });
});

describe('changeOf', () => {
  const EMPTY = { firstName: '', familyName: '', email: '', telephone: '', mobile: '', languageCode: '' };
  const before = { ...EMPTY, firstName: 'Jane', email: 'jane@acme.example' };

  it('3.1 sends only what changes, and clears what is empty', () => {
    expect(changeOf(before, { ...before, firstName: 'Jana', email: ' ' })).toEqual({
      name: { firstName: 'Jana' },
      contacts: { email: null },
    });
    expect(changeOf(before, before)).toBeUndefined();
  });

  it('reads a user without any details', () => {
    const user = { extId: 'jane' } as unknown as Parameters<typeof detailsOf>[0];
    expect(detailsOf(user)).toEqual(EMPTY);
  });
});
