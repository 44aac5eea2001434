import { vi } from 'vitest';

import { OutgoingClient } from '../../src/outgoing/outgoing-client.js';
import { OutgoingFailure, type OutgoingRequest } from '../../src/outgoing/outgoing-request.js';
import type { TestApp } from './app.js';

type Source = (request: OutgoingRequest) => Promise<{ readonly status?: number; readonly body: Buffer }>;

/** The sources that applications ask, by URL, in place of the network. */
export class RevocationSources {
  /** The URLs that were asked, in order. */
  readonly asked: string[] = [];
  private readonly sources = new Map<string, Source>();

  /** For the outgoing client of this application. */
  serve(app: TestApp): void {
    vi.spyOn(app.get(OutgoingClient), 'send').mockImplementation(async (request) => {
      const url = request.url.href;
      this.asked.push(url);
      const source = this.sources.get(url);
      if (source === undefined) throw new OutgoingFailure('unreachable', 'there is no such source');
      const { status = 200, body } = await source(request);
      return { status, headers: {}, body };
    });
  }

  /** What a source answers from now on. */
  answer(url: string, body: Buffer, status = 200): void {
    this.sources.set(url, () => Promise.resolve({ status, body: Buffer.from(body) }));
  }

  fail(url: string, reason: OutgoingFailure['reason']): void {
    this.sources.set(url, () => Promise.reject(new OutgoingFailure(reason, 'as the test wants it')));
  }

  /** The source answers when the returned function is called, or fails when the request is aborted. */
  hold(url: string, body: Buffer): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.sources.set(url, async ({ signal }) => {
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const onAbort = (): void => reject(new OutgoingFailure('timeout', 'aborted'));
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      await Promise.race([promise, aborted]);
      return { body: Buffer.from(body) };
    });
    return resolve;
  }
}
