import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { FairSlots } from '../common/fair-slots.js';
import { Secret } from '../common/secret.js';
import { type Pkcs12Content, type Pkcs12Leaf, type Pkcs12Result, refuse } from '../x509/pkcs12/pkcs12-result.js';
import { Pkcs12Child, type Pkcs12Outcome, type Pkcs12Request, type Wanted } from './pkcs12-child.js';

type SecretContent = Omit<Pkcs12Content, 'privateKey'> & { readonly privateKey: Secret<Buffer> };

/** More than these add memory, not files a second that anybody uploads. */
const MAX_PROCESSES = 4;

/**
 * One core is left to those who only read. There are two at least, of which one client leaves one free: a file that
 * overruns its time keeps its process for 900 ms, in which another client's is read in the other one.
 */
const PROCESSES = Math.max(2, Math.min(MAX_PROCESSES, availableParallelism() - 1));

/** Each keeps its bytes in memory. A file takes two milliseconds, or the time limit where somebody wants it to. */
const WAITING = { maxWaiting: 200, maxWaitingPerKey: 30, waitMs: 10_000 };

/** A file, and who wants it read. */
interface Reading {
  /** Whose turn it is read in. */
  readonly clientExtId: string;
  /** Of the caller. */
  readonly signal: AbortSignal | undefined;
  readonly file: Buffer;
  /** Undefined where the file has none. */
  readonly password: string | undefined;
  /** Of several certificates of the key, one that is valid then is the leaf. */
  readonly now: Date;
}

interface Options {
  /** Path of the compiled `pkcs12-process`; by default the one beside this file. */
  readonly program?: string;
  /** Processes at most; each takes about 70 MB once it is needed. */
  readonly size?: number;
  readonly timeLimitMilliseconds?: number;
  /** From the start of a process until it takes a file. */
  readonly startLimitMilliseconds?: number;
}

/**
 * Reads PKCS#12 files in processes of their own, started when they are needed, killed and replaced when they overrun.
 * The clients take them in turn, a file at a time: one whose files are long keeps another one waiting for one of them.
 */
export class Pkcs12Reader {
  readonly queue: FairSlots;
  readonly #program: string;
  readonly #children = new Set<Pkcs12Child>();
  readonly #idle: Pkcs12Child[] = [];
  readonly #timeLimit: number;
  readonly #startLimit: number;
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
    const share = Math.max(1, Math.floor(size / 2));
    const limits = { slots: size, share, reserved: size > 1 ? 1 : 0, ...WAITING };
    this.queue = new FairSlots(limits, 'PKCS#12 files', 5);
  }

  /**
   * A file whose caller has left before its turn is not read.
   *
   * @throws AppError (503) where too many others wait or a process starts too slowly; the signal's reason; Error where the processes cannot be started, have a defect or are closed, never because of what the file is.
   */
  async read(reading: Reading): Promise<Pkcs12Result<SecretContent>> {
    const result = await this.#read(reading, 'everything');
    return result.ok ? { ...result, privateKey: new Secret(result.privateKey) } : result;
  }

  /** As `read`, with the same refusals, but neither chain nor private key leaves the process that reads. */
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
    // The file may be to blame for the end of a process, or the machine: only the former happens again.
    if (outcome === 'crashed') outcome = await attempt();
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
    const child = this.#takeIdle() ?? (await this.#start());
    if (this.#closed) throw new Error('The reader of PKCS#12 files is closed.');
    const outcome = await child.read(request, this.#timeLimit);
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

  /** One may have ended since it was last used. */
  #takeIdle(): Pkcs12Child | undefined {
    const child = this.#idle.pop();
    if (child === undefined || child.isAlive) return child;
    this.#children.delete(child);
    return this.#takeIdle();
  }
}
