import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { cpuMilliseconds } from '../../../test/support/cpu-time.js';
import { readPem, readPemList, toPem } from './pem.js';

const der = Buffer.from('30820100'.padEnd(2 * 260, 'ab'), 'hex');
const pem = toPem(der);
const body = der.toString('base64');
const block = (label: string, content = body) => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

const SECRET = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const SPKI = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
/** The beginning of a revocation list: version 1, an algorithm, a name. */
const REVOCATION_LIST = Buffer.from('3081f93081e8020101300d06092a864886f70d01010b0500300d310b30', 'hex').toString(
  'base64',
);
/** The beginning of a certificate request: a SEQUENCE of a SEQUENCE of version 0, a name and a key. */
const REQUEST = Buffer.from('308201003081e9020100300d310b3009060355040613024348', 'hex').toString('base64');
const KEYS: readonly [string, Buffer][] = [
  ['PKCS#8, RSA', rsa.privateKey.export({ type: 'pkcs8', format: 'der' })],
  ['PKCS#8, EC', ec.privateKey.export({ type: 'pkcs8', format: 'der' })],
  ['PKCS#8, Ed25519', ed25519.privateKey.export({ type: 'pkcs8', format: 'der' })],
  ['PKCS#8, encrypted', ed25519.privateKey.export({ type: 'pkcs8', format: 'der', ...SECRET })],
  ['PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'der' })],
  ['SEC 1', ec.privateKey.export({ type: 'sec1', format: 'der' })],
  ['OpenSSH', Buffer.from('openssh-key-v1\0')],
  ['PKCS#12', Buffer.from('308209f70201033082090906092a864886f70d010701', 'hex')],
];

describe('toPem', () => {
  it('2.8 writes one block with 64 columns and LF at each line end', () => {
    const lines = pem.split('\n');
    expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----');
    expect(lines.slice(1, -3).every((line) => line.length === 64)).toBe(true);
    expect(lines.at(-3)).toMatch(/^.{1,64}$/);
    expect(lines.slice(-2)).toEqual(['-----END CERTIFICATE-----', '']);
    expect(toPem(Buffer.alloc(48)).split('\n')).toHaveLength(4);
  });
});

describe('readPem', () => {
  it.each([
    ['an unchanged block', pem],
    ['CRLF', pem.replaceAll('\n', '\r\n')],
    ['CR alone', pem.replaceAll('\n', '\r')],
    ['a BOM', `\ufeff${pem}`],
    ['text around it', `subject=CN = Jane\nissuer=CN = CA\n${pem}That was it.\n`],
    ['no newline at the end', pem.trimEnd()],
    ['indented lines', pem.replaceAll(/^/gm, '    ')],
    ['trailing blanks', pem.replaceAll('\n', ' \t\n')],
    ['blank lines', pem.replaceAll('\n', '\n\n')],
    ['one long line', block('CERTIFICATE')],
    ['one column', block('CERTIFICATE', body.replaceAll(/./g, '$&\n'))],
    ['blanks within lines', block('CERTIFICATE', body.replaceAll(/.{10}/g, '$& '))],
    ['the old label', block('X509 CERTIFICATE')],
    ['a public key beside it', `${block('PUBLIC KEY', 'AAAA')}${pem}`],
    ['a block beside it that never ends', `-----BEGIN PUBLIC KEY-----\nAAAA\n${pem}`],
    ['the extension of that name', `X509v3 Private Key Usage Period: \n  Not Before: Jan 1\n${pem}`],
    ['the same by keytool', `Criticality=false\nPrivateKeyUsage: [\nFrom: Thu Jan 01]\n${pem}`],
    [
      'what keytool -list -rfc prints',
      `Alias name: jane\nEntry type: PrivateKeyEntry\nCertificate[1]:\n${pem}\n\n*****`,
    ],
    [
      'base64 of something other than a key',
      `${block('PUBLIC KEY', SPKI)}${block('CERTIFICATE REQUEST', REQUEST)}${block('X509 CRL', REVOCATION_LIST)}${pem}`,
    ],
  ])('2.9 ok/%s', (_, text) => {
    expect(readPem(text)).toEqual({ ok: true, der });
  });

  it.each([
    ['nothing', '', 'no certificate block'],
    ['text', 'Hello', 'no certificate block'],
    ['base64 alone', body, 'no certificate block'],
    ['a request', block('CERTIFICATE REQUEST'), 'BEGIN CERTIFICATE-----), but a certificate request; send'],
    ['a request with the old label', block('NEW CERTIFICATE REQUEST'), 'a certificate request'],
    ['PKCS #7', block('PKCS7'), 'but a PKCS #7 block; take the certificate out of it: openssl pkcs7 -in FILE'],
    ['a list of revoked ones', block('X509 CRL'), 'no certificate block (-----BEGIN CERTIFICATE-----).'],
    ['another label', block('ED25519 CERT'), 'no certificate block'],
    ['lower case', block('certificate'), 'no certificate block'],
    ['everything in one line', pem.replaceAll('\n', ' '), 'must be on a line of its own'],
    ['escaped newlines', pem.replaceAll('\n', '\\n'), 'must be on a line of its own'],
    ['two certificates', pem + pem, 'more than one'],
    ['two certificates without a line end between them', pem.trimEnd() + pem, 'on lines of their own'],
    ['the END line behind the base64', block('CERTIFICATE').replace('\n-----END', '-----END'), 'on lines of their own'],
    ['a quoted message', pem.replaceAll('\n', '\n> '), 'on lines of their own'],
    ['two of them with different labels', pem + block('TRUSTED CERTIFICATE'), 'more than one'],
    ['a second one without end', `${pem}-----BEGIN CERTIFICATE-----\n`, 'more than one'],
    ['a trusted certificate', block('TRUSTED CERTIFICATE'), 'openssl x509 -in FILE -out NEWFILE'],
    ['no END line', pem.replace('-----END CERTIFICATE-----', ''), 'END line'],
    ['another END line', pem.replace('END CERTIFICATE', 'END X509 CERTIFICATE'), 'END line'],
    ['a private key', block('PRIVATE KEY'), 'private key'],
    ['an encrypted one', block('ENCRYPTED PRIVATE KEY'), 'private key'],
    ['an RSA one beside the certificate', pem + block('RSA PRIVATE KEY'), 'private key'],
    ['an EC one before the certificate', block('EC PRIVATE KEY') + pem, 'private key'],
    ['words about one', `The Private Key stays with its owner.\n${pem}`, 'private key'],
    ['lower case', pem + block('private key'), 'private key'],
    ['two blanks', pem + block(' PRIVATE KEY'), 'private key'],
    ['two blanks between', pem + block('PRIVATE  KEY'), 'private key'],
    ['another blank', pem + block('PRIVATE\u00a0KEY'), 'private key'],
    ['fullwidth letters', pem + block('ＰＲＩＶＡＴＥ　ＫＥＹ'), 'private key'],
    ['a line end between', pem + block('PRIVATE\nKEY'), 'private key'],
    ['blanks behind', pem + block('EC PRIVATE KEY').replaceAll('\n', '  \n'), 'private key'],
    ['four dashes', `${pem}---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n`, 'private key'],
    ['OpenPGP', pem + block('PGP PRIVATE KEY BLOCK'), 'private key'],
    ['an underscore', `${pem}private_key=AAAA`, 'private key'],
    ['a member of JSON', `${pem}"privateKey": "AAAA"`, 'private key'],
    ['another word of one', `${pem}PrivateKeyEntryPassword=AAAA`, 'private key'],
    ['PuTTY', `PuTTY-User-Key-File-3: ssh-ed25519\n${pem}`, 'private key'],
    ...KEYS.flatMap(([form, key]): [string, string, string][] => [
      [`${form} under no label`, `${pem}${key.toString('base64')}\n`, 'private key'],
      [
        `${form} under another label`,
        pem + block('X', key.toString('base64').replaceAll(/.{64}/g, '$&\n')),
        'private key',
      ],
      [`${form} behind words`, `key: ${key.toString('base64url')}\n${pem}`, 'private key'],
    ]),
    ['an OpenSSH one within a line', `x -----BEGIN OPENSSH PRIVATE KEY----- ${pem}`, 'private key'],
    ['longer than 64 KiB', pem + ' '.repeat(65537 - pem.length), '64 KiB'],
    ['longer than 64 KiB in octets only', pem + 'é'.repeat(33000), '64 KiB'],
    ['an empty block', block('CERTIFICATE', ''), 'base64'],
    ['a character outside base64', block('CERTIFICATE', `${body.slice(0, -4)}.AAA`), 'base64'],
    ['base64url', block('CERTIFICATE', '-_-_'), 'base64'],
    ['no padding', block('CERTIFICATE', 'AAA'), 'base64'],
    ['too much padding', block('CERTIFICATE', 'AAA=='), 'base64'],
    ['padding in the middle', block('CERTIFICATE', 'AA==AAAA'), 'base64'],
    ['unused bits that are not zero', block('CERTIFICATE', 'AB=='), 'base64'],
    ['headers of RFC 1421', block('CERTIFICATE', `Proc-Type: 4,ENCRYPTED\n\n${body}`), 'base64'],
    ['a comment within', block('CERTIFICATE', `# note\n${body}`), 'base64'],
    ['NUL within', block('CERTIFICATE', `${body.slice(0, -4)}\u0000${body.slice(-4)}`), 'base64'],
  ])('2.9 fail/%s', (_, text, message) => {
    const result = readPem(text);
    expect(result.ok ? 'read' : result.message).toContain(message);
  });

  it('2.9 accepts a text of exactly 64 KiB', () => {
    expect(readPem(pem + ' '.repeat(65536 - pem.length))).toEqual({ ok: true, der });
  });

  it.each([
    ['dashes', '-'],
    ['BEGINs without end', '-----BEGIN '],
    ['BEGIN lines', '-----BEGIN CERTIFICATE-----\n'],
    ['END lines', '-----END CERTIFICATE-----\n'],
    ['line ends', '\r\n'],
    ['blanks', ' '],
    ['blanks and dashes', ' -----'],
    ['the first characters of a key', 'MA'],
    ['incomplete mentions of a key', 'private key'.slice(0, 9)],
    ['equal signs', '='],
    ['blanks in a block', ' A', '-----BEGIN CERTIFICATE-----\n'],
  ])('2.9 64 KiB of %s cost little CPU time', (_, unit, start = '') => {
    const text = (start + unit.repeat(65536)).slice(0, 65536);
    expect(cpuMilliseconds(() => expect(readPem(text).ok).toBe(false))).toBeLessThan(250);
  });
});

describe('readPemList', () => {
  const other = Buffer.from('30820101'.padEnd(2 * 261, 'cd'), 'hex');

  it.each<[string, string, Buffer[]]>([
    ['one block', pem, [der]],
    ['several blocks in their order', toPem(other) + pem + toPem(other), [other, der, other]],
    ['text around and between them', `subject=A\n${pem}\nsubject=B\r\n${toPem(other)}end`, [der, other]],
    ['the old label', `${block('X509 CERTIFICATE')}${toPem(other)}`, [der, other]],
    ['nothing', '', []],
    ['blanks', ' \n\t\ufeff', []],
  ])('11.1 ok/%s', (_, text, ders) => {
    expect(readPemList(text)).toEqual({ ok: true, ders });
  });

  it('11.1 ok/more than the 64 KiB of a single certificate', () => {
    expect(readPemList(pem.repeat(200))).toEqual({ ok: true, ders: Array.from({ length: 200 }, () => der) });
  });

  it.each<[string, string, [number | undefined, string][]]>([
    ['text without a block', 'Hello', [[undefined, 'no certificate block']]],
    ['everything in one line', pem.replaceAll('\n', ' '), [[undefined, 'must be on a line of its own']]],
    ['a block of another kind', pem + block('X509 CRL'), [[1, 'not CERTIFICATE']]],
    ['only PKCS #7', block('PKCS7'), [[undefined, 'openssl pkcs7']]],
    ['files that were joined without a line end', pem + pem.trimEnd() + toPem(other), [[1, 'on lines of their own']]],
    ['a trusted certificate', block('TRUSTED CERTIFICATE') + pem, [[0, 'openssl x509']]],
    [
      'every broken block',
      `-----BEGIN CERTIFICATE-----\n${body}\n${pem}${block('CERTIFICATE', '!')}`,
      [
        [0, 'END line'],
        [2, 'base64'],
      ],
    ],
    ['a private key between them', pem + block('PRIVATE KEY') + pem, [[undefined, 'private key']]],
    ['an RSA key without a label', `${pem}${KEYS[0]?.[1].toString('base64')}\n${pem}`, [[undefined, 'private key']]],
  ])('11.1 fail/%s', (_, text, faults) => {
    const result = readPemList(text);
    expect(result.ok ? [] : result.faults).toEqual(
      faults.map(([index, message]) => ({
        message: expect.stringContaining(message) as string,
        ...(index === undefined ? {} : { index }),
      })),
    );
  });
});
