import { createPrivateKey, hash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';

import { afterAll, describe, expect, it, onTestFinished } from 'vitest';

import { sequence } from '../../test/support/der.js';
import { pkcs12Entries, type Pkcs12Entry, readPkcs12File } from '../../test/support/pkcs12-corpus.js';
import { encrypt, encryptedContent, passwordBased, pbes2, pfxOf, shroudedKeyBag } from '../../test/support/pkcs12.js';
import { CallerLeftError } from '../common/errors.js';
import { Pkcs12Reader } from './pkcs12-reader.js';

/** The output of `npm run build`, as Node cannot run the sources. */
const built = join(import.meta.dirname, '..', '..', 'dist', 'src', 'keystores', 'pkcs12-process.js');
const misbehaving = join(import.meta.dirname, '..', '..', 'test', 'support', 'misbehaving-pkcs12-process.mjs');
const silent = join(import.meta.dirname, '..', '..', 'test', 'support', 'silent-pkcs12-process.mjs');

type Options = ConstructorParameters<typeof Pkcs12Reader>[0];

const NOW = new Date('2026-06-01');

const CLIENT = '100';

/** Reads a file; `signal` is the one of the caller. */
async function read(
  reader: Pkcs12Reader,
  file: Buffer,
  password: string | undefined,
  clientExtId = CLIENT,
  signal?: AbortSignal,
) {
  return await reader.read({ clientExtId, signal, file, password, now: NOW });
}

const sha256 = (der: Buffer) => hash('sha256', der, 'hex');

function readerFor(options: Options): Pkcs12Reader {
  const reader = new Pkcs12Reader({ program: built, ...options });
  onTestFinished(() => reader.close());
  return reader;
}

/** A file that takes minutes to open: its iteration count is encrypted, so that it cannot be checked first. */
const endless = pfxOf([
  encryptedContent(
    pbes2(),
    encrypt(sequence(shroudedKeyBag(pbes2({ iterations: 2 ** 31 - 1 }), Buffer.alloc(16))), 'secret'),
  ),
]);

/** The same for our own code: OpenSSL fails at once, and our code then tries the empty password. */
const endlessForUs = pfxOf([
  encryptedContent(pbes2(), Buffer.alloc(16)),
  encryptedContent(
    pbes2(),
    encrypt(sequence(shroudedKeyBag(passwordBased('1.2.840.113549.1.12.1.3', 2 ** 31 - 1), Buffer.alloc(16))), ''),
  ),
]);
const small = readPkcs12File('rustcrypto/example6.p12');

describe('files from other projects', () => {
  // A long time limit, as the machine may be busy.
  const reader = new Pkcs12Reader({ program: built, timeLimitMilliseconds: 20_000 });
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
  const reader = new Pkcs12Reader({ program: built, size: 1, timeLimitMilliseconds: 20_000 });
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

describe('the reading processes', () => {
  it.each([
    ['in OpenSSL', endless, 'secret'],
    ['in our own derivation', endlessForUs, ''],
  ])(
    'PKCS#12: a process over its time limit %s is killed, and the next file is read by a new one',
    async (_, file, password) => {
      const reader = readerFor({ size: 1, timeLimitMilliseconds: 3_000 });
      expect(await read(reader, file, password)).toMatchObject({ problem: 'tooManyIterations' });
      expect(await read(reader, small, '1234')).toMatchObject({ ok: true });
    },
  );

  // Elsewhere than on Linux, the elapsed time counts.
  describe.runIf(process.platform === 'linux')('if the processors are busy with other work', () => {
    it('PKCS#12: the time for which a process has to wait is not taken from a file', async () => {
      const reader = readerFor({ program: misbehaving, size: 1, timeLimitMilliseconds: 1_000 });
      expect(await read(reader, small, 'late')).toMatchObject({ problem: 'noCertificate' });
    });

    it('PKCS#12: a process that gets next to nothing of a processor is killed, and its caller gets 503', async () => {
      const reader = readerFor({ program: misbehaving, size: 1, timeLimitMilliseconds: 200 });
      await expect(read(reader, small, 'never')).rejects.toMatchObject({
        code: 'errors.unavailable',
        retryAfterSeconds: 5,
      });
      expect(await read(reader, small, 'answer')).toMatchObject({ problem: 'noCertificate' });
    });
  });

  it('PKCS#12: an answer that arrived in time counts, even if the server reads it late', async () => {
    const reader = readerFor({ size: 1, timeLimitMilliseconds: 3_000 });
    expect(await read(reader, small, '1234')).toMatchObject({ ok: true });
    const reading = read(reader, small, '1234');
    await setImmediate();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
    expect(await reading).toMatchObject({ ok: true });
  });

  it('PKCS#12: while a file of one client occupies a process, the other process reads files of another client', async () => {
    const reader = readerFor({ size: 2, timeLimitMilliseconds: 5_000 });
    const finished: string[] = [];
    const slow = read(reader, endless, 'secret').then(() => finished.push('endless'));
    const quick = Array.from({ length: 5 }, async () => {
      const result = await read(reader, small, '1234', '200');
      finished.push(result.ok ? 'opened' : result.problem);
    });
    await Promise.all([slow, ...quick]);
    expect(finished).toEqual([...Array.from({ length: 5 }, () => 'opened'), 'endless']);
  });

  it('PKCS#12: of a client with many files, at most one is read before the file of another client', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    const finished: string[] = [];
    const readAs = async (clientExtId: string) => {
      await read(reader, small, 'answer', clientExtId);
      finished.push(clientExtId);
    };
    await Promise.all([...Array.from({ length: 20 }, async () => await readAs('flood')), readAs('200'), readAs('300')]);
    expect(finished.slice(0, 4).toSorted()).toEqual(['200', '300', 'flood', 'flood']);
  });

  it('PKCS#12: a client with more than thirty waiting files is refused, and another client is not', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    const reads = Array.from({ length: 40 }, async () => await read(reader, small, 'answer'));
    const other = read(reader, small, 'answer', '200');
    const results = await Promise.allSettled(reads);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(9);
    const message = 'Too many PKCS#12 files of this client are waiting. Try again in 5 s.';
    for (const result of refused) {
      expect(result).toMatchObject({ reason: { code: 'errors.unavailable', message, retryAfterSeconds: 5 } });
    }
    expect(await other).toMatchObject({ problem: 'noCertificate' });
  });

  it('PKCS#12: the waiting file of a caller who disconnects is not read', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    const release = await reader.queue.acquire(CLIENT);
    const caller = new AbortController();
    const left = read(reader, small, 'crash', CLIENT, caller.signal);
    const stayed = read(reader, small, 'answer');
    expect(reader.queue.waitingCount).toBe(2);
    caller.abort(new CallerLeftError());
    expect(reader.queue.waitingCount).toBe(1);
    await expect(left).rejects.toThrow(CallerLeftError);
    release();
    expect(await stayed).toMatchObject({ problem: 'noCertificate' });
    expect(reader.queue.heldCount).toBe(0);
  });

  it('PKCS#12: a file that crashes two processes is corrupt, and the next is read by a third', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    expect(await read(reader, small, 'crash')).toMatchObject({ problem: 'corruptFile' });
    expect(await read(reader, small, 'answer')).toMatchObject({ problem: 'noCertificate' });
  });

  it('PKCS#12: an idle process that has ended is replaced', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await read(reader, small, 'answer and end')).toMatchObject({ problem: 'noCertificate' });
    }
  });

  it('PKCS#12: a defect of ours is an error, not a property of the file', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    await expect(read(reader, small, 'throw')).rejects.toThrow('failed');
    expect(await read(reader, small, 'answer')).toMatchObject({ problem: 'noCertificate' });
    await expect(read(readerFor({ program: `${misbehaving}.absent` }), small, '1234')).rejects.toThrow('did not start');
  });

  it('PKCS#12: the processes get an empty environment', async () => {
    const reader = readerFor({ program: misbehaving, size: 1 });
    expect(await read(reader, small, 'environment')).toMatchObject({ message: '[]' });
  });

  it.each([
    ['reads a file', 'read'],
    ['reads a file of the server', 'readPackage'],
    ['writes a file', 'write'],
    ['starts a process', 'spawn'],
    ['opens a connection', 'connect'],
    ['resolves a host name', 'resolve'],
    ['starts a thread', 'thread'],
  ])('PKCS#12: a process that %s is refused', async (_, attempt) => {
    const reader = readerFor({ program: misbehaving, size: 1, timeLimitMilliseconds: 20_000 });
    expect(await read(reader, small, attempt)).toMatchObject({ message: 'ERR_ACCESS_DENIED' });
  });

  it('PKCS#12: a process that is not ready in time is killed, and its caller gets 503', async () => {
    const reader = readerFor({ program: silent, size: 1, startLimitMilliseconds: 300 });
    const reading = read(reader, small, '1234');
    await expect(reading).rejects.toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5 });
    // The turn has been released.
    await expect(read(reader, small, '1234')).rejects.toMatchObject({ code: 'errors.unavailable' });
  });

  it('PKCS#12: a printed result does not show the private key', async () => {
    const opened = await read(readerFor({ size: 1, timeLimitMilliseconds: 20_000 }), small, '1234');
    const key = opened.ok ? opened.privateKey.reveal() : Buffer.alloc(0);
    expect(key.length).toBeGreaterThan(100);
    const printed = inspect(opened, { depth: 9, maxArrayLength: null }) + JSON.stringify(opened);
    expect(printed).not.toContain(inspect(key).slice(8, 60));
    expect(printed).not.toContain(JSON.stringify(key).slice(30, 80));
  });

  it('PKCS#12: closing the reader ends reads in progress and refuses new ones', async () => {
    const reader = readerFor({ size: 1, timeLimitMilliseconds: 20_000 });
    await read(reader, small, '1234');
    const reading = read(reader, endless, 'secret');
    reader.close();
    await expect(reading).rejects.toThrow('closed');
    await expect(read(reader, small, '1234')).rejects.toThrow('closed');
  });
});
