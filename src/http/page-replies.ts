import { setImmediate } from 'node:timers/promises';

import type { Request, Response } from 'express';

import { FairSlots } from '../common/fair-slots.js';
import type { Page } from './page.js';
import { stateOf } from './request-state.js';

/** Up to here a page is answered as any other answer is. */
const LARGE_BYTES = 256 * 1024;

/** What is serialised, or handed to the socket, before others have their turn; one item more at most. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Each keeps up to 4 MiB of JSON until it has been taken, and one that waits up to 4 MiB of rows. Two of a client,
 * never more: one whose reader is slow does not keep the other one.
 */
export const largePages = new FairSlots(
  { slots: 4, share: 2, reserved: 2, maxWaiting: 16, maxWaitingPerKey: 4, waitMs: 15_000 },
  'large pages',
  2,
);

/**
 * How long a page may take to be read where somebody waits for its slot. Less than anybody waits for one: readers that
 * do not read keep no other client from its turn.
 */
const GIVE_WAY_MS = 10_000;
const LOOK_MS = 1_000;

/** Answers pages piece by piece; between two pieces, of whichever page, everybody else is served. */
export class PageReplies {
  private turns: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly queue: FairSlots = largePages,
    private readonly giveWayMs = GIVE_WAY_MS,
    private readonly lookMs = LOOK_MS,
  ) {}

  /**
   * Resolves when the whole page has been handed to the socket, or its reader has left.
   *
   * @throws AppError `errors.unavailable`, where too many large pages wait; what the page throws; the signal's reason,
   *   where the reader left before the answer began
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

  /** Empties `chunks`: what has been taken is kept no longer. */
  private async write(response: Response, chunks: string[], client: string): Promise<void> {
    const start = performance.now();
    const mustGiveWay = (): boolean => performance.now() - start >= this.giveWayMs && this.queue.isAwaited(client);
    for (let chunk = chunks.shift(); chunk !== undefined && !response.closed; chunk = chunks.shift()) {
      if (!response.write(chunk)) await this.taken(response, mustGiveWay);
      if (chunk.length >= CHUNK_BYTES) await this.nextTurn();
    }
    response.end();
  }

  private async taken(response: Response, mustGiveWay: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    response.once('drain', end).once('close', end);
    const look = setInterval(() => {
      if (mustGiveWay()) response.destroy();
    }, this.lookMs);
    try {
      await promise;
    } finally {
      clearInterval(look);
      response.off('drain', end).off('close', end);
    }
  }

  /** One piece is made in each turn of the event loop, however many pages there are. */
  private async nextTurn(): Promise<void> {
    const turn = this.turns.then(async () => await setImmediate());
    this.turns = turn;
    await turn;
  }
}

/** A large piece stays apart: joined to others, it would be copied. */
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

/** Whose data it is; the caller's own client for the list of clients. */
function clientOf(request: Request): string {
  const { clientExtId } = request.params;
  return typeof clientExtId === 'string' ? clientExtId : (stateOf(request).actor?.clientExtId ?? '');
}
