import type { NextFunction, Request, Response } from 'express';

import { TwoLevelQueue } from '../common/two-level-queue.js';
import { stateOf } from './request-state.js';

/** For so long requests are begun as they come, in one turn of the event loop: a few of them. */
const BUDGET_MS = 1;

/**
 * Of requests that arrive at once, only a few are begun in each turn of the event loop: the addresses in turn, and of
 * an address the clients whose data is asked for. One that waits costs next to nothing, and one that arrives meanwhile
 * is not behind all of them.
 */
export class RequestTurns {
  private readonly waiting = new TwoLevelQueue<() => void>();
  private turnEnds: number | undefined;

  constructor(private readonly budgetMs = BUDGET_MS) {}

  /** Middleware. */
  readonly begin = (request: Request, response: Response, next: NextFunction): void => {
    if (this.turnEnds === undefined) {
      this.turnEnds = performance.now() + this.budgetMs;
      setImmediate(this.nextTurn);
    } else if (!this.waiting.isEmpty || performance.now() > this.turnEnds) {
      this.waiting.push(stateOf(request).address ?? '', clientInPath(request.path), () => {
        if (!response.closed) next();
      });
      return;
    }
    next();
  };

  private readonly nextTurn = (): void => {
    this.turnEnds = undefined;
    if (this.waiting.isEmpty) return;
    const end = performance.now() + this.budgetMs;
    this.turnEnds = end;
    setImmediate(this.nextTurn);
    do this.waiting.shift()?.();
    while (!this.waiting.isEmpty && performance.now() <= end);
  };
}

/** What stands where routes have the client or the account; whatever it is elsewhere. Nobody has proved a right to it yet. */
function clientInPath(path: string): string {
  const segments = path.split('/', 7);
  if (segments[1] === 'mtls') return segments[3] ?? '';
  return (segments[5] === 'clients' ? segments[6] : segments[5]) ?? '';
}
