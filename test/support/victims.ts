import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'victim.mjs');

/** Where a server ends: after so many steps have ended, or so long after the last of them has begun. */
export interface Deadly {
  readonly step: number;
  readonly when: 'after' | 'during';
  readonly milliseconds: number;
}

/** A server in a process of its own that will not survive its first request. */
export class Victim {
  private constructor(
    private readonly process: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(variables: Readonly<Record<string, string>>): Promise<Victim> {
    const child = fork(PROGRAM, { env: variables, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const started = once(child, 'message') as Promise<[number]>;
    const port = await Promise.race([started.then(([first]) => first), once(child, 'exit').then(() => undefined)]);
    if (port === undefined) throw new Error('A victim does not start.');
    return new Victim(child, port);
  }

  /** What was answered before the end; undefined where nothing was. Rejects where it has survived. */
  async endDuring(deadly: Deadly, method: string, path: string, token: string, body?: unknown): Promise<unknown> {
    const ended = once(this.process, 'exit') as Promise<[number | null, string | null]>;
    const armed = once(this.process, 'message');
    this.process.send(deadly);
    await armed;
    const answer = await this.ask(method, path, token, body);
    if (deadly.when === 'after' && answer !== undefined) {
      this.process.kill('SIGKILL');
      throw new Error(`${method} survived step ${deadly.step}: ${JSON.stringify(answer)}`);
    }
    const [, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error(`${method} did not end as it should.`);
    return answer;
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
