import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { appError, type AppError } from '../common/errors.js';
import { Secret } from '../common/secret.js';
import { type Pkcs12Content, type Pkcs12Leaf, type Pkcs12Result, refuse } from '../x509/pkcs12/pkcs12-result.js';
import { Pkcs12Child, type Pkcs12Outcome, type Pkcs12Request, type Wanted } from './pkcs12-child.js';

type SecretContent = Omit<Pkcs12Content, 'privateKey'> & { readonly privateKey: Secret<Buffer> };

/** More than these add memory, not files a second that anybody uploads. */
const MOST_PROCESSES = 4;

/** One core is left to those who only read. */
const PROCESSES = Math.max(1, Math.min(MOST_PROCESSES, availableParallelism() - 1));

/** Files that may wait for a process: each keeps its bytes in memory, and the last one's caller waits for all before. */
const MOST_WAITING = 100;

interface Options {
  /** Path of the compiled `pkcs12-process`; by default the one beside this file. */
  readonly program?: string;
  /** Processes at most; each takes about 70 MB once it is needed. */
  readonly size?: number;
  readonly timeLimitMilliseconds?: number;
  /** From the start of a process until it takes a file. */
  readonly startLimitMilliseconds?: number;
}

/** Reads PKCS#12 files in processes of their own, started when they are needed, killed and replaced when they overrun. */
export class Pkcs12Reader {
  readonly #program: string;
  readonly #children = new Set<Pkcs12Child>();
  readonly #idle: Pkcs12Child[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #timeLimit: number;
  readonly #startLimit: number;
  #free: number;
  #closed = false;

  /** The time limit is short of a second, so that the answer is out within it. */
  constructor({
    program,
    size = PROCESSES,
    timeLimitMilliseconds = 900,
    startLimitMilliseconds = 10_000,
  }: Options = {}) {
    this.#timeLimit = timeLimitMilliseconds;
    this.#startLimit = startLimitMilliseconds;
    this.#program = program ?? fileURLToPath(new URL('pkcs12-process.js', import.meta.url));
    this.#free = size;
  }

  /**
   * @param password - undefined where the file has none.
   * @param now - of several certificates of the key, one that is valid then is the leaf.
   * @throws AppError (503) where too many others wait or a process starts too slowly; Error where the processes cannot be started, have a defect or are closed, never because of what the file is.
   */
  async read(file: Buffer, password: string | undefined, now: Date): Promise<Pkcs12Result<SecretContent>> {
    const result = await this.#read({ file, password, now, wanted: 'everything' });
    return result.ok ? { ...result, privateKey: new Secret(result.privateKey) } : result;
  }

  /** As `read`, with the same refusals, but neither chain nor private key leaves the process that reads. */
  async readLeaf(file: Buffer, password: string | undefined, now: Date): Promise<Pkcs12Result<Pkcs12Leaf>> {
    return await this.#read({ file, password, now, wanted: 'leaf' });
  }

  async #read<Part extends keyof Wanted>(request: Pkcs12Request<Part>): Promise<Pkcs12Result<Wanted[Part]>> {
    let outcome = await this.#attempt(request);
    // The file may be to blame for the end of a process, or the machine: only the former happens again.
    if (outcome === 'crashed') outcome = await this.#attempt(request);
    if (outcome === 'crashed') return refuse('corruptFile');
    if (outcome === 'failed') throw new Error('The process that reads PKCS#12 files failed.');
    if (outcome === 'timedOut') return refuse('tooManyIterations');
    return outcome;
  }

  /** Ends the processes. Reading fails from now on, and so does what is being read. */
  close(): void {
    this.#closed = true;
    for (const child of this.#children) child.kill();
  }

  async #attempt<Part extends keyof Wanted>(request: Pkcs12Request<Part>): Promise<Pkcs12Outcome<Part>> {
    await this.#takeTurn();
    try {
      const child = this.#takeIdle() ?? (await this.#start());
      if (this.#closed) throw new Error('The reader of PKCS#12 files is closed.');
      const outcome = await child.read(request, this.#timeLimit);
      if (typeof outcome === 'string') this.#children.delete(child);
      else this.#idle.push(child);
      return outcome;
    } finally {
      this.#passTurn();
    }
  }

  async #start(): Promise<Pkcs12Child> {
    const child = await Pkcs12Child.start(this.#program, this.#startLimit);
    this.#children.add(child);
    if (this.#closed) child.kill();
    return child;
  }

  /** One may have ended since it was last used. */
  #takeIdle(): Pkcs12Child | undefined {
    const child = this.#idle.pop();
    if (child === undefined || child.isAlive) return child;
    this.#children.delete(child);
    return this.#takeIdle();
  }

  async #takeTurn(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) throw tooMuchToDo();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

function tooMuchToDo(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'Too many PKCS#12 files are being read at the moment.' },
    { retryAfterSeconds: 5 },
  );
}
