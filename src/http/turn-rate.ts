/** A turn of the event loop counts at most this much, so that a single long one, as of the garbage collector, is no overload. */
const LONGEST_TURN_MS = 50;

/** For how long requests must have been waiting before their wait is predicted. */
const WINDOW_MS = 250;

/** How fast waiting requests have recently been started. Unknown until some have been waiting for a while. */
export class TurnRate {
  /** In the mean of the last window; 0 until there was one since nothing was waiting. */
  private msEach = 0;
  private waitedMs = 0;
  private started = 0;

  /** Milliseconds until so many requests have been started; 0 if that cannot be told yet. */
  expectedMs(requests: number): number {
    return requests * this.msEach;
  }

  /** After each turn of the event loop: how long it took, and how many of the waiting requests were started in it. */
  add(turnMs: number, started: number): void {
    this.waitedMs += Math.min(turnMs, LONGEST_TURN_MS);
    this.started += started;
    if (this.waitedMs < WINDOW_MS) return;
    this.msEach = this.waitedMs / Math.max(1, this.started);
    this.waitedMs = 0;
    this.started = 0;
  }

  /** Nothing is waiting any more. */
  reset(): void {
    this.msEach = 0;
    this.waitedMs = 0;
    this.started = 0;
  }
}
