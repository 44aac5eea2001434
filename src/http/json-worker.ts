import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { type AppError, appError } from '../common/errors.js';
import type { LargeJson } from './large-json.js';

/** In MiB: several times what an accepted body of 2 MiB needs. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 1 };

interface Pending {
  readonly resolve: (answer: LargeJson) => void;
  readonly reject: (error: Error) => void;
}

/** Parses large JSON in a worker thread, which is started on first use and replaced when it has ended. */
export class JsonWorker {
  readonly #program: string;
  #worker: Worker | undefined;
  /** In the order in which they were sent; the worker answers in the same order. */
  #pending: Pending[] = [];

  /** `program`: path of the compiled `json-worker-program`; by default the one in this directory. */
  constructor(program: string = fileURLToPath(new URL('json-worker-program.js', import.meta.url))) {
    this.#program = program;
  }

  /**
   * `bytes` is empty afterwards, because it is transferred to the thread without being copied.
   *
   * @throws AppError `errors.unavailable` if the thread ends before it has answered; Error if it cannot be started
   */
  async parse(bytes: Buffer): Promise<LargeJson> {
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<LargeJson>();
    this.#pending.push({ resolve, reject });
    const owned = wholeBufferOf(bytes);
    this.#worker.postMessage(owned, [owned.buffer]);
    return await promise;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { env: {}, resourceLimits: RESOURCE_LIMITS });
    worker.unref();
    worker.on('message', (answer: LargeJson) => this.#pending.shift()?.resolve(answer));
    let failure: Error = ended();
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') failure = error;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#pending.splice(0)) reject(failure);
    });
    return worker;
  }
}

/** Small buffers share a memory pool with others, so they are copied first. */
function wholeBufferOf(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function ended(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The worker that parses large bodies has ended and is being restarted.' },
    { retryAfterSeconds: 1 },
  );
}
