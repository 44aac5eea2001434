import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { dirname, join, sep } from 'node:path';

import { appError, type AppError } from '../common/errors.js';
import type { Pkcs12Content, Pkcs12Leaf, Pkcs12Result } from '../x509/pkcs12/pkcs12-result.js';

/** The leaf alone, or the chain and the private key as well. */
export interface Wanted {
  readonly leaf: Pkcs12Leaf;
  readonly everything: Pkcs12Content;
}

export interface Pkcs12Request<Part extends keyof Wanted = keyof Wanted> {
  readonly file: Buffer;
  /** Undefined: the file has none. */
  readonly password: string | undefined;
  readonly now: Date;
  readonly wanted: Part;
}

/**
 * `failed`: our own code threw. `crashed`: a signal has ended the process. `timedOut`: it has been killed, for native
 * code cannot be interrupted in any other way.
 */
export type Pkcs12Outcome<Part extends keyof Wanted> = Pkcs12Result<Wanted[Part]> | 'failed' | 'crashed' | 'timedOut';

/** Lower than the server's own: where processors are few, answering others comes before a file. */
const PRIORITY = 5;

/** Of the JavaScript heap; the largest file needs a few. */
const HEAP_MEBIBYTES = 64;

/** A process that reads PKCS#12 files, one at a time. It is given nothing but the file and its password. */
export class Pkcs12Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /**
   * Resolves once it takes requests. `program`: path of the compiled `pkcs12-process`.
   *
   * @throws AppError `errors.unavailable`, where that takes longer than the time limit
   */
  static async start(program: string, timeLimitMilliseconds: number): Promise<Pkcs12Child> {
    const process = fork(program, {
      execArgv: [
        ...permissions(program),
        // A worker thread cannot have the provider, which RC2, RC4 and DES need.
        '--openssl-legacy-provider',
        `--max-old-space-size=${HEAP_MEBIBYTES}`,
      ],
      env: {},
      serialization: 'advanced',
      // Nothing that it might print about a file may reach a log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    lowerPriority(process);
    // Where sending fails, because it has just ended, the end itself is what counts.
    process.on('error', () => undefined);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      process.kill('SIGKILL');
    }, timeLimitMilliseconds);
    const ready = await Promise.race([
      once(process, 'message').then(() => true),
      once(process, 'exit').then(() => false),
    ]).finally(() => clearTimeout(timer));
    if (isLate) throw startsTooSlowly();
    if (!ready) throw new Error('The process that reads PKCS#12 files does not start.');
    return new Pkcs12Child(process);
  }

  get isAlive(): boolean {
    return this.#process.connected;
  }

  async read<Part extends keyof Wanted>(
    request: Pkcs12Request<Part>,
    timeLimitMilliseconds: number,
  ): Promise<Pkcs12Outcome<Part>> {
    const child = this.#process;
    if (!this.isAlive) return 'crashed';
    const { promise, resolve } = Promise.withResolvers<Pkcs12Outcome<Part>>();
    let isAnswered = false;
    const answered = (result: Pkcs12Result<Wanted[Part]>): void => {
      isAnswered = true;
      resolve(result);
    };
    const ended = (code: number | null): void => resolve(code === null ? 'crashed' : 'failed');
    const timer = setTimeout(() => {
      // Where it is this process that was late, the answer may be there and only has to be taken.
      setImmediate(() => {
        if (isAnswered) return;
        resolve('timedOut');
        this.kill();
      });
    }, timeLimitMilliseconds);
    child.once('message', answered).once('exit', ended);
    child.send(request);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      child.off('message', answered).off('exit', ended);
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/**
 * What a file might make the process do beyond reading it: Node refuses it files (its own program excepted, and nothing
 * is written), the network, processes, threads, add-ons and the inspector.
 */
function permissions(program: string): string[] {
  return ['--permission', `--allow-fs-read=${join(dirname(program), '..', 'x509')}${sep}`];
}

function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, PRIORITY);
  } catch {
    // It has ended already, or may not be changed: it is read without a lower priority.
  }
}

function startsTooSlowly(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The process that reads PKCS#12 files has not started in time.' },
    { retryAfterSeconds: 5 },
  );
}
