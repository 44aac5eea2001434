import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { type AppError, appError } from '../../common/errors.js';
import { FairSlots } from '../../common/fair-slots.js';
import type { Reading } from '../../x509/der/reading.js';
import type { Crl } from '../../x509/revocation/crl.js';
import { readCrl } from '../../x509/revocation/read-crl.js';
import type { CrlIndexAnswer } from './crl-index.js';

/** In MiB. The DER and the index of its entries are outside of the heap; a CRL of a million entries needs 60 MiB for them. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 32, stackSizeMb: 1 };

/** Ten times what a CRL of a million entries needs on a slow machine. */
const TIME_LIMIT_MS = 20_000;

/** One CRL at a time, the clients in turn. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 1_000, maxWaitingPerKey: 100, waitMs: 15_000 } as const;

interface CrlReaderOptions {
  /** Path of the compiled `crl-reader-program`; by default the one in this directory. */
  readonly program?: string;
  readonly timeLimitMs?: number;
}

/**
 * Reads the entries of CRLs in a worker thread, so that requests are served meanwhile. The thread is started on first
 * use, and replaced when it has ended or was ended because it took too long.
 */
export class CrlReader {
  readonly queue = new FairSlots(TURNS, 'CRLs');
  readonly #program: string;
  readonly #timeLimitMs: number;
  #worker: Worker | undefined;

  constructor({ program = BESIDE, timeLimitMs = TIME_LIMIT_MS }: CrlReaderOptions = {}) {
    this.#program = program;
    this.#timeLimitMs = timeLimitMs;
  }

  /**
   * `der` is empty afterwards if it has a buffer of its own: it is transferred to the thread and back without being
   * copied, and the CRL has it.
   *
   * @throws AppError `errors.unavailable` if too many wait, or the thread ends before it has answered
   */
  async read(clientExtId: string, der: Buffer, signal?: AbortSignal): Promise<Reading<Crl>> {
    return await this.queue.run(clientExtId, signal, async () => {
      const { der: returned, index, problem } = await this.#ask(ownedBytes(der));
      if (problem !== undefined) return { value: undefined, problems: [problem] };
      return readCrl(Buffer.from(returned.buffer, returned.byteOffset, returned.byteLength), index);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(bytes: Uint8Array<ArrayBuffer>): Promise<CrlIndexAnswer> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<CrlIndexAnswer>();
    let failure: Error = ended();
    const onError = (error: Error & { code?: string }): void => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') failure = error;
    };
    const onExit = (): void => reject(failure);
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    const timer = setTimeout(() => void worker.terminate(), this.#timeLimitMs);
    worker.postMessage(bytes, [bytes.buffer]);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { env: {}, resourceLimits: RESOURCE_LIMITS });
    worker.unref();
    // Without a listener, the error of a thread that has nothing to do would end the process.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}

const BESIDE = fileURLToPath(new URL('crl-reader-program.js', import.meta.url));

/** Small buffers share a memory pool with others, so they are copied first. */
function ownedBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function ended(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The worker that reads CRLs has ended and is being restarted.' },
    { retryAfterSeconds: 1 },
  );
}
