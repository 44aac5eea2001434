import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { type AppError, appError } from '../../common/errors.js';
import { FairSlots } from '../../common/fair-slots.js';
import type { Reading } from '../../x509/der/reading.js';
import type { Crl } from '../../x509/revocation/crl.js';
import { readCrl } from '../../x509/revocation/read-crl.js';
import type { CrlIndexAnswer, CrlIndexRequest } from './indexed-crl.js';

/** In MiB. The DER and the index of its entries are outside of the heap; a CRL of a million entries needs 60 MiB for them. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 32, stackSizeMb: 1 };

/** Ten times what a CRL of a million entries needs on a slow machine. */
const TIME_LIMIT_MS = 20_000;

/** One CRL at a time, the clients in turn. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 1_000, maxWaitingPerKey: 100, waitMs: 15_000 } as const;

export interface CrlWithDer {
  readonly crl: Crl;
  readonly der: Buffer;
  readonly sha256: Buffer;
}

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
   * @param load - called when it is the client's turn, so that only one CRL is in memory for this; its result is undefined
   *   if there is nothing to read, and empty afterwards if it has a buffer of its own, which is transferred to the thread
   * @returns undefined if there was nothing to read
   * @throws AppError `errors.unavailable` if too many wait, or the thread ends before it has answered
   */
  async read(
    clientExtId: string,
    load: () => Promise<Buffer | undefined>,
    { mayBePem = false }: { readonly mayBePem?: boolean } = {},
  ): Promise<Reading<CrlWithDer> | undefined> {
    return await this.queue.run(clientExtId, undefined, async () => {
      const bytes = await load();
      if (bytes === undefined) return undefined;
      const answer = await this.#ask({ bytes: ownedBytes(bytes), mayBePem });
      if ('problem' in answer) return { value: undefined, problems: [answer.problem] };
      const [der, sha256] = [bufferOf(answer.der), bufferOf(answer.sha256)];
      const { value: crl, problems } = readCrl(der, answer.index);
      return { value: crl && { crl, der, sha256 }, problems };
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(request: CrlIndexRequest): Promise<CrlIndexAnswer> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<CrlIndexAnswer>();
    let failure: Error = ended();
    const onError = (error: Error & { code?: string }): void => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') failure = error;
    };
    const onExit = (): void => reject(failure);
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    const timer = setTimeout(() => void worker.terminate(), this.#timeLimitMs);
    worker.postMessage(request, [request.bytes.buffer]);
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

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

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
