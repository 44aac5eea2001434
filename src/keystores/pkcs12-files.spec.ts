import { createPrivateKey, hash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { pkcs12Entries, type Pkcs12Entry, readPkcs12File } from '../../test/support/pkcs12-corpus.js';
import { encryptedContent, passwordBased, pfxOf } from '../../test/support/pkcs12.js';
import { Pkcs12Reader } from './pkcs12-reader.js';

/** The output of `npm run build`, as Node cannot run the sources. */
const built = join(import.meta.dirname, '..', '..', 'dist', 'src', 'keystores', 'pkcs12-process.js');

async function read(reader: Pkcs12Reader, file: Buffer, password: string | undefined) {
  return await reader.read({ clientExtId: '100', signal: undefined, file, password, now: new Date('2026-06-01') });
}

const sha256 = (der: Buffer) => hash('sha256', der, 'hex');

describe('files from other projects', () => {
  // A long time limit, as the machine may be busy.
  const reader = new Pkcs12Reader({ program: built, timeLimitMilliseconds: 20_000, startLimitMilliseconds: 200_000 });
  afterAll(() => reader.close());

  const readEntry = async ({ file, password }: Pkcs12Entry) =>
    await read(reader, readPkcs12File(file), password ?? undefined);
  const usable = pkcs12Entries.filter((entry) => entry.keys === 1 && entry.certs?.length !== 0);

  it('PKCS#12: the corpus is complete', () => {
    expect(usable.length).toBeGreaterThanOrEqual(48);
  });

  it.each(usable)('PKCS#12: $file opens with all certificates, the leaf and the key of the leaf', async (entry) => {
    const opened = await readEntry(entry);
    if (!opened.ok) throw new Error(opened.message);
    expect([opened.leaf, ...opened.chain].map(sha256).toSorted()).toEqual(entry.certs?.toSorted());
    const privateKey = createPrivateKey({ key: opened.privateKey.reveal(), format: 'der', type: 'pkcs8' });
    expect(new X509Certificate(opened.leaf).checkPrivateKey(privateKey)).toBe(true);
  });

  it('PKCS#12: unusable files are refused with the right problem', async () => {
    const problems: Record<string, string[]> = {};
    for (const entry of pkcs12Entries.filter((candidate) => !usable.includes(candidate))) {
      const result = await readEntry(entry);
      (problems[result.ok ? 'opened' : result.problem] ??= []).push(entry.file);
    }
    expect(problems).toEqual({
      // Only BoringSSL accepts its nested pieces; its content is the one of empty_password.p12.
      opened: ['boringssl/empty_password_ber_nested.p12'],
      noPrivateKey: [
        'pyca/java-truststore.p12',
        'pyca/no-cert-name-2-pwd.p12',
        'pyca/no-cert-name-all-no-pwd.p12',
        'pyca/no-cert-name-unicode-no-pwd.p12',
        'pyca/no-cert-name-unicode-pwd.p12',
        'pyca/no-cert-no-name-no-pwd.p12',
        'rustcrypto/example15.p12',
      ],
      noCertificate: ['rustcrypto/example16.p12'],
      wrongPassword: ['openssl/pbmac1_256_256.bad-iter.p12'],
      corruptFile: [
        'openssl/pbmac1_256_256.negative-len.p12',
        'openssl/pbmac1_256_256.very-big-len.p12',
        'openssl/garbage-pkcs12.p12',
        'go-pkcs12/pbmac1-short-key-bypass.txt.p12',
      ],
    });
  });

  it.each(usable)('PKCS#12: $file does not open with another password', async (entry) => {
    expect(await read(reader, readPkcs12File(entry.file), 'another password')).toMatchObject({
      problem: 'wrongPassword',
    });
  });

  it.each([
    ['1.2.840.113549.1.12.1.1', 'RC4'],
    ['1.2.840.113549.1.12.1.6', 'RC2'],
    ['1.2.840.113549.1.5.3', 'DES'],
  ])('PKCS#12: %s with the legacy cipher %s is supported', async (oid) => {
    const file = pfxOf([encryptedContent(passwordBased(oid, 1), Buffer.alloc(16))]);
    expect(await read(reader, file, 'secret')).toMatchObject({ problem: 'wrongPassword' });
  });
});

interface OwnFile {
  readonly form: string;
  readonly password: string;
  /** Base64. */
  readonly file: string;
}

/**
 * `renewed`: written by OpenSSL, with two certificates of one key, of which the older one, number 1, has the local
 * key ID of the key. `twoKeys`: written by Java, with an empty password.
 */
const own = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'own-pkcs12.json'), 'utf8'),
) as Record<'renewed' | 'twoKeys', readonly OwnFile[]>;

// OpenSSL returns no local key IDs and only the first key, so these files are decrypted by our own code.
describe('encryption of RFC 7292 and PBES2', () => {
  const reader = new Pkcs12Reader({
    program: built,
    size: 1,
    timeLimitMilliseconds: 20_000,
    startLimitMilliseconds: 200_000,
  });
  afterAll(() => reader.close());

  it.each(own.renewed)(
    'PKCS#12: the leaf is the certificate with the local key ID of the key: $form',
    async (entry) => {
      const opened = await read(reader, Buffer.from(entry.file, 'base64'), entry.password);
      if (!opened.ok) throw new Error(opened.message);
      expect(new X509Certificate(opened.leaf).serialNumber).toBe('01');
      expect(opened.chain.map((der) => new X509Certificate(der).serialNumber)).toEqual(['02']);
    },
  );

  it.each(own.renewed)('PKCS#12: another password is wrong: $form', async ({ file }) => {
    expect(await read(reader, Buffer.from(file, 'base64'), 'another')).toMatchObject({ problem: 'wrongPassword' });
  });

  it.each(own.twoKeys)('PKCS#12: two keys with an empty password are refused: $form', async (entry) => {
    for (const password of ['', undefined]) {
      expect(await read(reader, Buffer.from(entry.file, 'base64'), password)).toMatchObject({
        problem: 'severalPrivateKeys',
      });
    }
  });
});
