import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Load, Operation, Order, Outcomes, Sample, Target } from './messages.js';

/** Node strips types by itself; the loader resolves `.js` imports to `.ts` files. */
const execArgv = ['--import', join(import.meta.dirname, '..', 'support', 'typescript-loader.mjs')];

function start(file: string): ChildProcess {
  return fork(join(import.meta.dirname, file), { execArgv });
}

/** The next message; rejects if the process ends before. */
async function next<Message>(child: ChildProcess): Promise<Message> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process of the test ended: ${String(code)}.`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Message];
    return message;
  } finally {
    over.abort();
  }
}

/** The tenant whose answers are measured. */
export class QuietTenant {
  private readonly child = start('open-loop.ts');

  constructor(port: number, operations: readonly Operation[]) {
    this.child.send({ port, operations } satisfies Load);
  }

  begin(): void {
    this.child.send('start');
  }

  /** Stops, and resolves with all answers once all requests are answered. */
  async end(): Promise<readonly Sample[]> {
    const samples = next<readonly Sample[]>(this.child);
    this.child.send('stop');
    return await samples;
  }

  stop(): void {
    this.child.kill();
  }
}

/** The process of one attack. */
export class Attacker {
  private constructor(
    readonly attack: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when the attack has begun. */
  static async start(attack: string, target: Target): Promise<Attacker> {
    const child = start('attacker.ts');
    const attacking = next(child);
    child.send({ attack, target } satisfies Order);
    await attacking;
    return new Attacker(attack, child);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async end(): Promise<Outcomes> {
    const outcomes = next<Outcomes>(this.child);
    this.child.send('stop');
    const answered = await outcomes;
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return answered;
  }

  stop(): void {
    this.child.kill();
  }
}
