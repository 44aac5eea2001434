import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';

import { vi } from 'vitest';

/** A proxy that runs in one process, and in a folder of its own. */
export class ProxyProcess {
  protected constructor(
    readonly port: number,
    protected readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true });
  }
}

/** Resolves once the program listens on its port. */
export async function startProxy(program: string, args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' });
  await once(child, 'spawn');
  await vi.waitFor(async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect').finally(() => socket.destroy());
  }, 120_000);
  return child;
}
