import { fileURLToPath } from 'node:url';

import { type AppError, appError } from '../../common/errors.js';
import { FairSlots } from '../../common/fair-slots.js';
import { AnsweringThread, ThreadEndedError } from '../../system/answering-thread.js';
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

/** Reads the entries of CRLs in a worker thread. */
export class CrlReader {
  readonly queue = new FairSlots(TURNS, 'CRLs');
  readonly #thread: AnsweringThread<CrlIndexRequest, CrlIndexAnswer>;

  constructor({ program = BESIDE, timeLimitMs = TIME_LIMIT_MS }: CrlReaderOptions = {}) {
    this.#thread = new AnsweringThread({ program, timeLimitMs, resourceLimits: RESOURCE_LIMITS });
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
    await this.#thread.close();
  }

  async #ask(request: CrlIndexRequest): Promise<CrlIndexAnswer> {
    try {
      return await this.#thread.ask(request, { transferred: [request.bytes.buffer] });
    } catch (error) {
      if (!(error instanceof ThreadEndedError)) throw error;
      const { cause } = error;
      throw cause === undefined || cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? ended() : cause;
    }
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
