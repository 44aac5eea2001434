import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { CORE } from './http.js';

/** What a writer waits for after a refusal, as a client with a `Retry-After` would, but shorter. */
const PAUSE_MS = 100;

/** A writer that gives up before the server answers would hide a server that hangs. */
const PATIENCE_MS = 60_000;

const DOCUMENTED: ReadonlySet<number> = new Set([200, 409, 429, 503]);

interface Acknowledged {
  readonly clientExtId: string;
  readonly version: number;
  readonly comment: string;
}

/** Changes certificates of several clients without pause, and remembers what was acknowledged. Lists users meanwhile. */
export class FailoverWriters {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that are not documented, and requests without an answer. */
  readonly undocumented: string[] = [];
  readonly counts = new Map<number, number>();
  lists = { answered: 0, refused: 0 };
  private readonly ending = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  private waiting: { readonly since: number; readonly resolve: (elapsedMs: number) => void } | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly clients: readonly string[],
  ) {}

  start(writers: number): void {
    const loop = async (number: number): Promise<void> => {
      const clientExtId = this.clients[number % this.clients.length] ?? '';
      while (!this.ending.signal.aborted && this.undocumented.length < 20) await this.change(clientExtId);
    };
    const reader = async (): Promise<void> => {
      while (!this.ending.signal.aborted) await this.list();
    };
    this.running = Promise.all([reader(), ...Array.from({ length: writers }, async (_, number) => await loop(number))]);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** Milliseconds from now to the first answer to a change that is sent from now on. */
  async nextAcknowledged(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.waiting = { since: performance.now(), resolve };
    return await promise;
  }

  /** Lists users, which a replica may serve. */
  private async list(): Promise<void> {
    let status = 0;
    try {
      const response = await fetch(`${this.url}${CORE}/clients/${this.clients[0]}/users`, {
        headers: { Authorization: `Bearer ${this.token}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      ({ status } = response);
      if (!DOCUMENTED.has(status)) this.undocumented.push(`list: ${status} ${text}`);
    } catch (error) {
      this.undocumented.push(`list: ${String((error as Error).cause ?? error)}`);
    }
    const { answered, refused } = this.lists;
    this.lists = { answered: answered + 1, refused: refused + (status === 200 ? 0 : 1) };
    await pause(PAUSE_MS);
  }

  private async change(clientExtId: string): Promise<void> {
    const comment = randomBytes(8).toString('hex');
    const began = performance.now();
    try {
      const response = await fetch(`${this.url}${CORE}/${clientExtId}/users/jane/certificates/contended`, {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ modificationComment: comment }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      this.counts.set(response.status, (this.counts.get(response.status) ?? 0) + 1);
      if (!DOCUMENTED.has(response.status)) this.undocumented.push(`${response.status} ${text}`);
      if (response.status !== 200) {
        await pause(PAUSE_MS);
        return;
      }
      this.acknowledged.push({ clientExtId, version: (JSON.parse(text) as { version: number }).version, comment });
      if (this.waiting !== undefined && began >= this.waiting.since) {
        this.waiting.resolve(performance.now() - this.waiting.since);
        this.waiting = undefined;
      }
    } catch (error) {
      this.undocumented.push(String((error as Error).cause ?? error));
      await pause(PAUSE_MS);
    }
  }
}
