import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';

import { describe, expect, it, onTestFinished } from 'vitest';

import { sequence } from '../../test/support/der.js';
import { readPkcs12File } from '../../test/support/pkcs12-corpus.js';
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

/** However busy the machine is, unless the options say otherwise. */
function readerFor(options: Options): Pkcs12Reader {
  const limits = { maxSlowdown: Infinity, startLimitMilliseconds: 200_000 };
  const reader = new Pkcs12Reader({ program: built, ...limits, ...options });
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

describe('the reading processes', () => {
  it.each([
    ['in OpenSSL', endless, 'secret'],
    ['in our own derivation', endlessForUs, ''],
  ])(
    'PKCS#12: a process over its time limit %s is killed, and the next file is read by a new one',
    async (_, file, password) => {
      const reader = readerFor({ size: 1, timeLimitMilliseconds: 1_000 });
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
      const reader = readerFor({ program: misbehaving, size: 1, timeLimitMilliseconds: 200, maxSlowdown: 10 });
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
    const reader = readerFor({ size: 2, timeLimitMilliseconds: 2_000 });
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
