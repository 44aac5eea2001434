import { X509Certificate } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { authority, endEntity } from '../../../test/support/signed-certificate.js';
import { toPem } from '../../x509/certificate/pem.js';
import { MAX_TEXT, recogniseText } from './recognise-text.rules.js';

const root = authority('Root');
const leaf = endEntity(root);
const other = endEntity(root, { subject: 'Other' });
const pem = toPem(leaf.der);
const base64 = leaf.der.toString('base64');
const { fingerprint256, fingerprint } = new X509Certificate(leaf.der);
const certificate = `certificate ${fingerprint256}`;
const plain256 = fingerprint256.replaceAll(':', '');
const plain1 = fingerprint.replaceAll(':', '');
const octets1 = plain1.toLowerCase().replaceAll(/(..)(?=.)/g, '$1 ');

const DN = 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH';
const subject = `subject ${DN}`;

/** The readings that come first, as `kind value`. */
const TABLE: readonly (readonly [what: string, text: string, ...readings: string[]])[] = [
  ['a PEM', pem, certificate],
  ['a PEM with text around it and CRLF', `Bag Attributes\r\n${pem.replaceAll('\n', '\r\n')}\r\nbye`, certificate],
  ['a PEM in one line', pem.replaceAll('\n', ''), certificate],
  ['a PEM with spaces for line ends', pem.replaceAll('\n', ' '), certificate],
  ['a PEM as JSON', JSON.stringify(pem), certificate],
  ['a PEM in a JSON body', JSON.stringify({ certificate: pem, version: 1 }), certificate],
  ['a percent-encoded PEM', encodeURIComponent(pem), certificate],
  ['an indented PEM', pem.replaceAll(/^/gm, '    '), certificate],
  ['two PEMs', pem + toPem(other.der), certificate, `certificate ${new X509Certificate(other.der).fingerprint256}`],
  ['base64 of the DER', base64, certificate],
  ['base64 with line ends', base64.replaceAll(/(.{76})/g, '$1\n'), certificate],
  ['base64 in quotes', `"${base64}"`, certificate],
  ['a SHA-256', fingerprint256, `fingerprintSha256 ${fingerprint256}`, `publicKeySha256 ${fingerprint256}`],
  ['a SHA-256 without colons', plain256, `fingerprintSha256 ${fingerprint256}`],
  ['a SHA-256 in lower case', plain256.toLowerCase(), `fingerprintSha256 ${fingerprint256}`],
  ["OpenSSL's SHA-256", `sha256 Fingerprint=${fingerprint256}\n`, `fingerprintSha256 ${fingerprint256}`],
  ["OpenSSL's older SHA-256", `SHA256 Fingerprint=${fingerprint256}`, `fingerprintSha256 ${fingerprint256}`],
  ["Chrome's SHA-256", `SHA-256 Fingerprint\n${plain256.toLowerCase()}`, `fingerprintSha256 ${fingerprint256}`],
  ["Firefox's SHA-256", `SHA-256\t${fingerprint256}`, `fingerprintSha256 ${fingerprint256}`],
  ["keytool's SHA-256", `\t SHA256: ${fingerprint256}`, `fingerprintSha256 ${fingerprint256}`],
  [
    'a fingerprint with its algorithm',
    `Fingerprint (SHA-256): ${fingerprint256}`,
    `fingerprintSha256 ${fingerprint256}`,
  ],
  ['a SHA-1', fingerprint, `fingerprintSha1 ${fingerprint}`, `subjectKeyIdentifier ${fingerprint}`],
  ["a SHA-1 as in Windows' dialog", octets1, `fingerprintSha1 ${fingerprint}`],
  ['a SHA-1 behind the invisible U+200E of that dialog', `\u200e${octets1}`, `fingerprintSha1 ${fingerprint}`],
  ["PowerShell's thumbprint", `Thumbprint : ${plain1}`, `fingerprintSha1 ${fingerprint}`],
  ['a SHA-1 with hyphens', plain1.replaceAll(/(..)(?=.)/g, '$1-'), `fingerprintSha1 ${fingerprint}`],
  ['a SHA-1 in brackets of a sentence', `“${fingerprint}”,`, `fingerprintSha1 ${fingerprint}`],
  [
    'a key identifier of OpenSSL',
    `X509v3 Subject Key Identifier:\n    ${fingerprint}`,
    `subjectKeyIdentifier ${fingerprint}`,
    `authorityKeyIdentifier ${fingerprint}`,
  ],
  ['a key identifier with keyid', `keyid:${fingerprint}`, `subjectKeyIdentifier ${fingerprint}`],
  ["OpenSSL's serial number", 'serial=0A1B2C3D4E5F', 'serial A1B2C3D4E5F'],
  ['a serial number in digits after serial=', 'serial=1000', 'serial 1000', 'serial 3E8'],
  ['a serial number of openssl -text', 'Serial Number: 4660 (0x1234)', 'serial 1234'],
  [
    'a long serial number of openssl -text',
    'Serial Number:\n            0a:1b:2c:3d:4e:5f:60:71:82',
    'serial A1B2C3D4E5F607182',
  ],
  ['a serial number with colons', '00:AB:cd:01', 'serial ABCD01'],
  ['a serial number with spaces', '0a 1b 2c 3d', 'serial A1B2C3D'],
  ['a serial number with 0x', '0xAbCd', 'serial ABCD'],
  ['a negative serial number', '-0A1B', 'serial -0A1B'],
  ['a decimal number', '123456789', 'serial 75BCD15', 'serial 123456789'],
  ['a decimal number with dec:', 'dec:255', 'serial FF'],
  ['a German label', 'Seriennummer: 0a1b', 'serial A1B'],
  ['a distinguished name', DN, subject],
  ['a distinguished name with spaces', 'CN = Jane Doe, OU = IT, O = Acme AG, C = CH', subject],
  [
    'a distinguished name in the order of the encoding',
    'C = CH, O = Acme AG, OU = IT, CN = Jane Doe',
    'subject C=CH,O=Acme AG,OU=IT,CN=Jane Doe',
    subject,
  ],
  ["a distinguished name in OpenSSL's slash form", '/C=CH/O=Acme AG/OU=IT/CN=Jane Doe', subject],
  ['subject= of OpenSSL', 'subject=C = CH, CN = Jane Doe', 'subject C=CH,CN=Jane Doe', 'subject CN=Jane Doe,C=CH'],
  ['issuer= of OpenSSL', 'issuer=CN=Acme CA', 'issuer CN=Acme CA', 'subject CN=Acme CA'],
  ["a name of Windows' dialog, one attribute on a line", 'CN = Jane Doe\nOU = IT\nO = Acme AG\nC = CH', subject],
  ['a name with a quoted comma', 'CN="Doe, Jane",O=Acme AG', String.raw`subject CN=Doe\, Jane,O=Acme AG`],
  ['a name with an escaped comma', String.raw`CN=Doe\, Jane,O=Acme AG`, String.raw`subject CN=Doe\, Jane,O=Acme AG`],
  [
    'a name with long types',
    'commonName=Jane Doe, E=jane@acme.test',
    'subject CN=Jane Doe,emailAddress=jane@acme.test',
  ],
  ['a name with an attribute of the type serialNumber', 'serialNumber=7,CN=Jane', 'subject serialNumber=7,CN=Jane'],
  ['an e-mail address', 'jane.doe@acme.test', 'email jane.doe@acme.test', 'extId jane.doe@acme.test'],
  ['an e-mail link', 'mailto:jane@acme.test?subject=Hello', 'email jane@acme.test'],
  ['an e-mail address with a name', 'Jane Doe <jane@acme.test>', 'email jane@acme.test'],
  ['an extId', 'cert-123', 'extId cert-123', 'userExtId cert-123', 'text cert-123'],
  [
    'a UUID',
    '0196c0de-1111-7000-8000-123456789abc',
    'extId 0196c0de-1111-7000-8000-123456789abc',
    'userExtId 0196c0de-1111-7000-8000-123456789abc',
  ],
  ['a reference of a refused login', '7Q2K9XMB', 'extId 7Q2K9XMB', 'userExtId 7Q2K9XMB', 'loginReference 7Q2K9XMB'],
  ['a part of a name', 'Jane Doe', 'text Jane Doe'],
  ['a part of a name with marks and spaces around it', '  \u00a0Müller ', 'text Müller'],
  ['a host name', 'vpn.acme.test', 'extId vpn.acme.test'],
  ['two letters, which are too few to search by', 'Jo', 'extId Jo', 'userExtId Jo'],
  ['only spaces', ' \n '],
];

describe('16.3 a text is taken for what it may be, best first', () => {
  test.each(TABLE)('16.3 %s', (_, text, ...expected) => {
    const recognised = recogniseText(text);
    if (!recognised.ok) throw new Error(recognised.message);
    const shown = recognised.readings.map(({ kind, value }) => `${kind} ${value}`);
    expect(shown.slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(shown).toEqual([]);
  });

  test('16.3 the table has at least forty texts', () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(40);
  });
});

test('16.3 a private key is refused and not searched', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n';
  expect(recogniseText(key + pem)).toEqual({ ok: false, message: expect.stringContaining('private key') as string });
});

test.each(['"', '\\', ',', ':', '0', '/A=', '=', '<', '%0A', '-----BEGIN CERTIFICATE-----', ' ', 'CN=a+', '\u200e'])(
  '16.3 the longest text, made of %j, is read in a time that is not noticed',
  (piece) => {
    const text = piece.repeat(Math.floor(MAX_TEXT / piece.length));
    expect(recogniseText(text).ok).toBe(true);
  },
);
