import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve as absolute } from 'node:path';

import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(ROOT, 'dist', 'src');

/** A program from the output of `npm run build`, in its own process. */
export class BuiltProgram {
  private text = '';
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<number>,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (more: string) => {
        this.text += more;
        for (const listener of this.listeners) listener();
      });
    }
  }

  /**
   * `path` is absolute or below `dist/src`. The environment is `variables` and PATH only. `output`: a
   * descriptor instead of the pipe that is read.
   */
  static start(
    path: string,
    variables: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    output: number | 'pipe' = 'pipe',
    nodeOptions: readonly string[] = [],
  ): BuiltProgram {
    const program = absolute(BUILT, path);
    if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build first.`);
    const child = spawn(process.execPath, [...nodeOptions, program, ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...variables },
      stdio: ['ignore', output, 'pipe'],
    });
    // -1 where a signal ended it.
    const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
    return new BuiltProgram(child, ended);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Standard output and standard error. */
  get output(): string {
    return this.text;
  }

  /** Resolves once the output matches; rejects with the output if the program ends before. */
  async says(expected: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (expected.test(this.text)) resolve();
    };
    this.listeners.add(check);
    check();
    await Promise.race([promise, this.ended]);
    this.listeners.delete(check);
    const match = expected.exec(this.text);
    if (match === null) throw new Error(`The program ended without saying ${expected}:\n${this.text}`);
    return match;
  }

  /** Closes the output, as a reader that ends (`| head -1`). */
  closeOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit code. */
  async exit(): Promise<number> {
    return await this.ended;
  }
}

/** A data directory that does not exist yet; `remove` also stops a server that still runs in it. */
export async function temporaryDataDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'certkeep-process-'));
  // As root the database server runs as another account, which needs access.
  await chmod(parent, 0o711);
  const path = join(parent, 'data');
  return {
    path,
    async remove() {
      if (await exists(join(path, 'postgres', 'postmaster.pid'))) {
        const server = await startEmbeddedPostgres({ dataDirectory: path, durable: false, announce: () => undefined });
        await server.stop();
      }
      await rm(parent, { recursive: true, force: true });
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
