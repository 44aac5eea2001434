import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';

interface ThreadOptions {
  /** Path of the compiled program. */
  readonly program: string;
  readonly resourceLimits: ResourceLimits;
  /** For one answer. */
  readonly timeLimitMs: number;
}

/** Its cause is the error that has ended the thread, if there was one. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';

  constructor(
    readonly tookTooLong: boolean,
    override readonly cause: (Error & { readonly code?: string }) | undefined,
  ) {
    super('The thread has ended before it has answered.', { cause });
  }
}

/**
 * A worker thread that answers one message at a time, so that requests are served meanwhile. It is started on first use, and
 * replaced when it has ended, or was ended because it took too long.
 */
export class AnsweringThread<Message, Answer> {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** A message that has no answer. */
  send(message: Message): void {
    this.#started().postMessage(message, []);
  }

  /**
   * @param signal - also ends the thread: otherwise its answer would be taken for that of the next message
   * @throws ThreadEndedError if the thread ends before it has answered; the signal's reason
   */
  async ask(
    message: Message,
    {
      transferred = [],
      signal,
    }: { readonly transferred?: readonly Transferable[]; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const worker = this.#started();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let tookTooLong = false;
    let cause: Error | undefined;
    const onError = (error: Error): void => void (cause = error);
    const onExit = (): void => reject(new ThreadEndedError(tookTooLong, cause));
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    const timer = setTimeout(() => {
      tookTooLong = true;
      void worker.terminate();
    }, this.#options.timeLimitMs);
    const onAbort = (): void => {
      reject(signal?.reason as Error);
      void worker.terminate();
    };
    signal?.addEventListener('abort', onAbort);
    worker.postMessage(message, transferred);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const { program, resourceLimits } = this.#options;
    const worker = new Worker(program, { env: {}, resourceLimits });
    worker.unref();
    // Without a listener, the error of a thread that has nothing to do would end the process.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    return worker;
  }
}
