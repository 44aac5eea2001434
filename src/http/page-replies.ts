import { setImmediate } from 'node:timers/promises';

import type { Request, Response } from 'express';

import { FairSlots } from '../common/fair-slots.js';
import type { Page } from '../common/page.js';
import { stateOf } from './request-state.js';

/** Up to this size in bytes, a page is sent like any other response. */
const LARGE_BYTES = 256 * 1024;

/**
 * At most about this much (plus one item) is serialised or handed to the socket before other requests have their turn.
 */
const CHUNK_BYTES = 64 * 1024;

/**
 * Each page uses up to 4 MiB of JSON until it has been sent, and a waiting one up to 4 MiB of rows. A client may have
 * two at a time but no more, so that one slow reader does not block the client's other requests.
 */
export const largePages = new FairSlots(
  { slots: 4, share: 2, reserved: 2, maxWaiting: 16, maxWaitingPerKey: 4, waitMs: 15_000 },
  'large pages',
  2,
);

/**
 * How long sending a page may take if another request waits for its slot. It is less than the maximum wait for a slot,
 * so that clients that do not read do not keep others from their turn.
 */
const YIELD_SLOT_AFTER_MS = 10_000;
const CHECK_INTERVAL_MS = 1_000;

/** Sends pages in chunks; other requests are served between two chunks of any page. */
export class PageReplies {
  private turns: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly queue: FairSlots = largePages,
    private readonly yieldSlotAfterMs = YIELD_SLOT_AFTER_MS,
    private readonly checkIntervalMs = CHECK_INTERVAL_MS,
  ) {}

  /**
   * Resolves when the whole page has been handed to the socket, or the client has closed the connection.
   *
   * @throws AppError `errors.unavailable` if too many large pages wait; errors of the page; the signal's reason if the
   * client left before the response began
   */
  async reply(response: Response, page: Page<unknown>): Promise<void> {
    const { req: request } = response;
    const { signal } = stateOf(request);
    const client = clientOf(request);
    const chunks: string[] = [];
    let [bytes, bytesOfTurn] = [0, 0];
    let giveBack: (() => void) | undefined;
    try {
      for (const chunk of chunksOf(page.pieces)) {
        const length = Buffer.byteLength(chunk);
        chunks.push(chunk);
        bytes += length;
        bytesOfTurn += length;
        if (bytes > LARGE_BYTES) giveBack ??= await this.queue.acquire(client, signal);
        if (bytesOfTurn < CHUNK_BYTES) continue;
        await this.nextTurn();
        signal.throwIfAborted();
        bytesOfTurn = 0;
      }
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.setHeader('Content-Length', bytes);
      if (bytes <= LARGE_BYTES) response.end(chunks.join(''));
      else if (request.method === 'HEAD') response.end();
      else await this.write(response, chunks, client);
    } finally {
      giveBack?.();
    }
  }

  /** Empties `chunks`, so that chunks that were sent can be collected. */
  private async write(response: Response, chunks: string[], client: string): Promise<void> {
    const start = performance.now();
    const mustYieldSlot = (): boolean =>
      performance.now() - start >= this.yieldSlotAfterMs && this.queue.isAwaited(client);
    for (let chunk = chunks.shift(); chunk !== undefined && !response.closed; chunk = chunks.shift()) {
      if (!response.write(chunk)) await this.taken(response, mustYieldSlot);
      if (chunk.length >= CHUNK_BYTES) await this.nextTurn();
    }
    response.end();
  }

  private async taken(response: Response, mustYieldSlot: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    response.once('drain', end).once('close', end);
    const check = setInterval(() => {
      if (mustYieldSlot()) response.destroy();
    }, this.checkIntervalMs);
    try {
      await promise;
    } finally {
      clearInterval(check);
      response.off('drain', end).off('close', end);
    }
  }

  /** Only one chunk is produced per turn of the event loop, however many pages are being sent. */
  private async nextTurn(): Promise<void> {
    const turn = this.turns.then(async () => await setImmediate());
    this.turns = turn;
    await turn;
  }
}

/** A large piece is a chunk of its own, because joining it to others would copy it. */
function* chunksOf(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    if (piece.length >= CHUNK_BYTES) {
      yield chunk;
      yield piece;
      chunk = '';
      continue;
    }
    chunk += piece;
    if (chunk.length < CHUNK_BYTES) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** The client whose data the page contains; for the list of clients, the caller's own client. */
function clientOf(request: Request): string {
  const { clientExtId } = request.params;
  return typeof clientExtId === 'string' ? clientExtId : (stateOf(request).actor?.clientExtId ?? '');
}
