import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, sep } from 'node:path';

import { appError, type AppError } from '../common/errors.js';
import { lowerPriorityOf } from '../system/priority.js';
import { limitProcessorTime } from '../system/processor-time.js';
import type { Pkcs12Content, Pkcs12Leaf, Pkcs12Result } from '../x509/pkcs12/pkcs12-result.js';

/** Only the leaf, or also the chain and the private key. */
export interface Wanted {
  readonly leaf: Pkcs12Leaf;
  readonly everything: Pkcs12Content;
}

export interface Pkcs12Request<Part extends keyof Wanted = keyof Wanted> {
  readonly file: Buffer;
  /** Undefined if the file has no password. */
  readonly password: string | undefined;
  readonly now: Date;
  readonly wanted: Part;
}

/**
 * `failed`: our own code threw. `crashed`: a signal ended the process. `timedOut`: the process was killed, because
 * native code cannot be interrupted otherwise. `starved`: it was killed because others left it too little of a processor.
 */
export type Pkcs12Outcome<Part extends keyof Wanted> =
  | Pkcs12Result<Wanted[Part]>
  | 'failed'
  | 'crashed'
  | 'timedOut'
  | 'starved';

/** Size of the JavaScript heap; the largest file needs a few MiB. */
const HEAP_MEBIBYTES = 64;

/** A process that reads PKCS#12 files one at a time. It gets nothing but the file and its password. */
export class Pkcs12Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /**
   * Resolves once the process accepts requests. `program`: path of the compiled `pkcs12-process`.
   *
   * @throws AppError `errors.unavailable` if that takes longer than the time limit
   */
  static async start(program: string, timeLimitMilliseconds: number): Promise<Pkcs12Child> {
    const process = fork(program, {
      execArgv: [
        ...permissions(program),
        // A worker thread cannot use the legacy provider, which RC2, RC4 and DES need.
        '--openssl-legacy-provider',
        `--max-old-space-size=${HEAP_MEBIBYTES}`,
      ],
      env: {},
      serialization: 'advanced',
      // Its output might contain data of a file, which must not be logged.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // If processors are scarce, other requests come before a file.
    if (process.pid !== undefined) lowerPriorityOf(process.pid);
    // If sending fails because the process has just ended, the exit event is handled.
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
    if (!ready) throw new Error('The process that reads PKCS#12 files did not start.');
    return new Pkcs12Child(process);
  }

  get isAlive(): boolean {
    return this.#process.connected;
  }

  /** The limit is one of processor time: what else the machine does says nothing about a file. */
  async read<Part extends keyof Wanted>(
    request: Pkcs12Request<Part>,
    timeLimitMilliseconds: number,
    maxSlowdown: number,
  ): Promise<Pkcs12Outcome<Part>> {
    const child = this.#process;
    if (!this.isAlive) return 'crashed';
    const { promise, resolve } = Promise.withResolvers<Pkcs12Outcome<Part>>();
    const answered = (result: Pkcs12Result<Wanted[Part]>): void => resolve(result);
    const ended = (code: number | null): void => resolve(code === null ? 'crashed' : 'failed');
    const endLimit = limitProcessorTime(child.pid ?? 0, timeLimitMilliseconds, maxSlowdown, (outcome) => {
      resolve(outcome === 'exceeded' ? 'timedOut' : 'starved');
      this.kill();
    });
    child.once('message', answered).once('exit', ended);
    child.send(request);
    try {
      return await promise;
    } finally {
      endLimit();
      child.off('message', answered).off('exit', ended);
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/**
 * Limits what a malicious file could make the process do: Node denies it file access (apart from reading its own
 * program), the network, child processes, threads, add-ons and the inspector.
 */
function permissions(program: string): string[] {
  return ['--permission', `--allow-fs-read=${join(dirname(program), '..', 'x509')}${sep}`];
}

function startsTooSlowly(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The process that reads PKCS#12 files did not start in time.' },
    { retryAfterSeconds: 5 },
  );
}
