import type { NextFunction, Request, Response } from 'express';

import { TwoLevelQueue } from '../common/two-level-queue.js';
import { stateOf } from './request-state.js';

/** Time in one turn of the event loop for which requests are started as they arrive; enough for a few. */
const BUDGET_MS = 1;

/** Alternatively, the share of the time that everything else took, so that a loop with long turns starts enough. */
const SHARE = 0.25;

/**
 * Of requests that arrive at once, only a few are started in each turn of the event loop: addresses take turns, and
 * within an address, the clients in the paths. A waiting request costs almost nothing, and one that arrives later does
 * not wait for all of them.
 */
export class RequestTurns {
  private readonly waiting = new TwoLevelQueue<() => void>();
  /** When the budget of this turn of the loop ends; undefined until a request is started in it. */
  private budgetEnds: number | undefined;
  /** When requests were last started. The time from then until the next turn belongs to everything else. */
  private lastEnded = 0;

  constructor(
    private readonly budgetMs = BUDGET_MS,
    private readonly share = SHARE,
  ) {}

  /** Middleware. */
  readonly begin = (request: Request, response: Response, next: NextFunction): void => {
    if (this.budgetEnds === undefined) {
      this.lastEnded = performance.now();
      this.budgetEnds = this.lastEnded + this.budgetMs;
      setImmediate(this.nextTurn);
    } else if (!this.waiting.isEmpty || performance.now() >= this.budgetEnds) {
      this.waiting.push(stateOf(request).address ?? '', clientInPath(request.path), () => {
        if (!response.closed) next();
      });
      return;
    }
    next();
  };

  /** Always scheduled while requests are waiting, so none is left behind. */
  private readonly nextTurn = (): void => {
    this.budgetEnds = undefined;
    if (this.waiting.isEmpty) return;
    const now = performance.now();
    const end = now + Math.max(this.budgetMs, (now - this.lastEnded) * this.share);
    this.budgetEnds = end;
    setImmediate(this.nextTurn);
    do this.waiting.shift()?.();
    while (!this.waiting.isEmpty && performance.now() < end);
    this.lastEnded = performance.now();
  };
}

/** The path segment in which routes have the client or the account, which the caller may have no right to. */
function clientInPath(path: string): string {
  const segments = path.split('/', 7);
  if (segments[1] === 'mtls') return segments[3] ?? '';
  return (segments[5] === 'clients' ? segments[6] : segments[5]) ?? '';
}
