import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { appError, type AppError } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import { partOfWorker } from '../common/part-of-worker.js';
import { Secret } from '../common/secret.js';
import { type Pkcs12Content, type Pkcs12Leaf, type Pkcs12Result, refuse } from '../x509/pkcs12/pkcs12-result.js';
import { Pkcs12Child, type Pkcs12Outcome, type Pkcs12Request, type Wanted } from './pkcs12-child.js';

type SecretContent = Omit<Pkcs12Content, 'privateKey'> & { readonly privateKey: Secret<Buffer> };

/** More processes need more memory, but would be faster than anybody uploads files. */
const MAX_PROCESSES = 4;

/**
 * One core is left for other requests. There are at least two processes, and one client leaves one of them free: a file
 * that exceeds its time limit blocks its process for 900 ms of processor time, while files of other clients are read in
 * the other one.
 */
const MIN_PROCESSES = 2;
const PROCESSES = Math.max(MIN_PROCESSES, Math.min(MAX_PROCESSES, availableParallelism() - 1));

/** Each waiting file is in memory. A file takes two milliseconds, or up to the time limit if it was made to. */
const WAITING = { maxWaiting: 200, maxWaitingPerKey: 30, waitMs: 10_000 };

/** A file to read, and the client that sent it. */
interface Reading {
  /** The client whose turn is used. */
  readonly clientExtId: string;
  /** The signal of the caller. */
  readonly signal: AbortSignal | undefined;
  readonly file: Buffer;
  /** Undefined if the file has no password. */
  readonly password: string | undefined;
  /** If the key has several certificates, one that is valid at this time is the leaf. */
  readonly now: Date;
}

interface Options {
  /** Path of the compiled `pkcs12-process`; by default the one in this directory. */
  readonly program?: string;
  /** Maximum number of processes; each needs about 70 MB once started. */
  readonly size?: number;
  /** The number of workers of the server, which share the cores. */
  readonly workers?: number;
  /** Of processor time, per file. */
  readonly timeLimitMilliseconds?: number;
  /** How many times the time limit a file may take, if the processors are busy with other work. */
  readonly maxSlowdown?: number;
  /** Time limit for the start of a process. */
  readonly startLimitMilliseconds?: number;
}

/**
 * Reads PKCS#12 files in separate processes, which are started when needed, and killed and replaced when they exceed
 * the time limit. Clients take turns, one file at a time, so a client with slow files delays another client by at most
 * one file.
 */
export class Pkcs12Reader {
  readonly queue: FairSlots;
  readonly #program: string;
  readonly #children = new Set<Pkcs12Child>();
  readonly #idle: Pkcs12Child[] = [];
  readonly #timeLimit: number;
  readonly #maxSlowdown: number;
  readonly #startLimit: number;
  #closed = false;

  /** The time limit is less than a second, so that the response is sent within a second. */
  constructor({
    program,
    workers = 1,
    size = partOfWorker(PROCESSES, workers, MIN_PROCESSES),
    timeLimitMilliseconds = 900,
    maxSlowdown = 10,
    startLimitMilliseconds = 10_000,
  }: Options = {}) {
    this.#timeLimit = timeLimitMilliseconds;
    this.#maxSlowdown = maxSlowdown;
    this.#startLimit = startLimitMilliseconds;
    this.#program = program ?? fileURLToPath(new URL('pkcs12-process.js', import.meta.url));
    const share = Math.max(1, Math.floor(size / 2));
    const limits = { slots: size, share, reserved: size > 1 ? 1 : 0, ...WAITING };
    this.queue = new FairSlots(limits, 'PKCS#12 files', 5);
  }

  /**
   * Does not read the file if the caller has left before its turn.
   *
   * @throws AppError (503) if too many others wait, or a process starts too slowly or gets too little of a processor; the
   * signal's reason; Error if the processes cannot be started, fail or are closed, but never because of the contents of
   * the file
   */
  async read(reading: Reading): Promise<Pkcs12Result<SecretContent>> {
    const result = await this.#read(reading, 'everything');
    return result.ok ? { ...result, privateKey: new Secret(result.privateKey) } : result;
  }

  /** Like `read`, with the same errors, but the chain and the private key never leave the child process. */
  async readLeaf(reading: Reading): Promise<Pkcs12Result<Pkcs12Leaf>> {
    return await this.#read(reading, 'leaf');
  }

  async #read<Part extends keyof Wanted>(
    { clientExtId, signal, file, password, now }: Reading,
    wanted: Part,
  ): Promise<Pkcs12Result<Wanted[Part]>> {
    const request = { file, password, now, wanted };
    const attempt = async () => await this.queue.run(clientExtId, signal, async () => await this.#attempt(request));
    let outcome = await attempt();
    // Either the file or the machine may have caused the crash: only if it is the file will it happen again.
    if (outcome === 'crashed') outcome = await attempt();
    if (outcome === 'crashed') return refuse('corruptFile');
    if (outcome === 'failed') throw new Error('The process that reads PKCS#12 files failed.');
    if (outcome === 'timedOut') return refuse('tooManyIterations');
    if (outcome === 'starved') throw isTooBusy();
    return outcome;
  }

  /** Ends the processes. Reads in progress and all further reads fail. */
  close(): void {
    this.#closed = true;
    for (const child of this.#children) child.kill();
  }

  async #attempt<Part extends keyof Wanted>(request: Pkcs12Request<Part>): Promise<Pkcs12Outcome<Part>> {
    const child = this.#takeIdle() ?? (await this.#start());
    if (this.#closed) throw new Error('The reader of PKCS#12 files is closed.');
    const outcome = await child.read(request, this.#timeLimit, this.#maxSlowdown);
    if (typeof outcome === 'string') this.#children.delete(child);
    else this.#idle.push(child);
    return outcome;
  }

  async #start(): Promise<Pkcs12Child> {
    const child = await Pkcs12Child.start(this.#program, this.#startLimit);
    this.#children.add(child);
    if (this.#closed) child.kill();
    return child;
  }

  /** An idle process may have ended since it was last used. */
  #takeIdle(): Pkcs12Child | undefined {
    const child = this.#idle.pop();
    if (child === undefined || child.isAlive) return child;
    this.#children.delete(child);
    return this.#takeIdle();
  }
}

function isTooBusy(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The server is too busy to open a PKCS#12 file.' },
    { retryAfterSeconds: 5 },
  );
}
