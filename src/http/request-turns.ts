import type { NextFunction, Request, Response } from 'express';

import { TwoLevelQueue } from '../common/two-level-queue.js';
import { stateOf } from './request-state.js';

/** For so long requests are begun as they come, in one turn of the event loop: a few of them. */
const BUDGET_MS = 1;

/** Or for so much of the time that everything else took: a loop whose turns are long still begins enough of them. */
const SHARE = 0.25;

/**
 * Of requests that arrive at once, only a few are begun in each turn of the event loop: the addresses in turn, and of
 * an address the clients whose data is asked for. One that waits costs next to nothing, and one that arrives meanwhile
 * is not behind all of them.
 */
export class RequestTurns {
  private readonly waiting = new TwoLevelQueue<() => void>();
  /** Of this turn of the loop, once a request has been begun in it. */
  private turnEnds: number | undefined;
  /** When requests were last begun: what comes behind it until the next turn is everything else. */
  private lastEnded = 0;

  constructor(
    private readonly budgetMs = BUDGET_MS,
    private readonly share = SHARE,
  ) {}

  /** Middleware. */
  readonly begin = (request: Request, response: Response, next: NextFunction): void => {
    if (this.turnEnds === undefined) {
      this.lastEnded = performance.now();
      this.turnEnds = this.lastEnded + this.budgetMs;
      setImmediate(this.nextTurn);
    } else if (!this.waiting.isEmpty || performance.now() >= this.turnEnds) {
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
    const now = performance.now();
    const end = now + Math.max(this.budgetMs, (now - this.lastEnded) * this.share);
    this.turnEnds = end;
    setImmediate(this.nextTurn);
    do this.waiting.shift()?.();
    while (!this.waiting.isEmpty && performance.now() < end);
    this.lastEnded = performance.now();
  };
}

/** What stands where routes have the client or the account; whatever it is elsewhere. Nobody has proved a right to it yet. */
function clientInPath(path: string): string {
  const segments = path.split('/', 7);
  if (segments[1] === 'mtls') return segments[3] ?? '';
  return (segments[5] === 'clients' ? segments[6] : segments[5]) ?? '';
}
