import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'killable-server-program.mjs');

/** When the server is killed: after this step, or this long after the step has begun. */
export interface KillPoint {
  readonly step: number;
  readonly when: 'after' | 'during';
  readonly milliseconds: number;
}

/** A server in its own process that is killed during its first request, or while it works on jobs. */
export class KillableServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(variables: Readonly<Record<string, string>>): Promise<KillableServer> {
    const child = fork(PROGRAM, { env: variables, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const started = once(child, 'message') as Promise<[number]>;
    const port = await Promise.race([started.then(([first]) => first), once(child, 'exit').then(() => undefined)]);
    if (port === undefined) throw new Error('The server does not start.');
    return new KillableServer(child, port);
  }

  /** The answer before the kill; undefined where there was none. Rejects if the server survived. */
  async killDuring(
    killPoint: KillPoint,
    method: string,
    path: string,
    token: string,
    body?: unknown,
  ): Promise<unknown> {
    const ended = once(this.process, 'exit') as Promise<[number | null, string | null]>;
    const ready = once(this.process, 'message');
    this.process.send(killPoint);
    await ready;
    const answer = await this.ask(method, path, token, body);
    if (killPoint.when === 'after' && answer !== undefined) {
      this.process.kill('SIGKILL');
      throw new Error(`${method} survived step ${killPoint.step}: ${JSON.stringify(answer)}`);
    }
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error(`${method} did not end by SIGKILL.`);
    return answer;
  }

  /** For work that the server does by itself. */
  async killAt(killPoint: KillPoint): Promise<void> {
    const ended = once(this.process, 'exit') as Promise<[number | null, string | null]>;
    this.process.send(killPoint);
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error('The server did not end by SIGKILL.');
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }

  private async ask(method: string, path: string, token: string, body: unknown): Promise<unknown> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return undefined;
    }
  }
}
