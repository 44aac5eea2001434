import type { Announce } from './report.js';

/** Time limit of the shutdown after draining, so that the process ends within five seconds. */
const LIMIT_MS = 4_800;

/** How long to wait for the last log lines to be written. */
export const FLUSH_MS = 300;

/**
 * Stops everything that was started, in reverse order and once, on SIGTERM, SIGINT, or SIGHUP (a closed terminal, unless
 * something else was agreed). A second signal does not force the exit: npm also forwards the Ctrl-C that the terminal has already sent to the server.
 */
export class Shutdown {
  private readonly steps: (() => Promise<void>)[] = [];
  private starting: Promise<void> = Promise.resolve();
  private readonly ended = new AbortController();
  private hangup: (() => void) | undefined;

  constructor(
    private readonly announce: Announce,
    private readonly drainMs = 0,
  ) {
    process.on('SIGTERM', this.onSignal);
    process.on('SIGINT', this.onSignal);
    process.on('SIGHUP', this.onHangupSignal);
  }

  /** Aborted by the first signal: a start that waits need not go on. */
  get ending(): AbortSignal {
    return this.ended.signal;
  }

  /** Runs `start`, which adds a step for everything that it starts; if it fails, all steps are run. */
  async during(start: () => Promise<void>): Promise<void> {
    this.starting = start();
    try {
      await this.starting;
    } catch (error) {
      // An error after a signal may be caused by it; the signal then decides how the process ends.
      if (this.ending.aborted) return;
      await this.takeSteps();
      throw error;
    }
  }

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** From now on SIGHUP calls this, unless it says that the terminal was closed. */
  onHangup(act: () => void): void {
    if (!process.stdin.isTTY && !process.stdout.isTTY) this.hangup = act;
  }

  /** Stops everything when a command has finished. */
  async takeSteps(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }

  private readonly onHangupSignal = (): void => {
    if (this.hangup === undefined) this.onSignal('SIGHUP');
    else if (!this.ending.aborted) this.hangup();
  };

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.ending.aborted) return;
    this.ended.abort();
    this.announce(`${signal}: finishing requests in flight …`);
    setTimeout(() => process.exit(1), this.drainMs + LIMIT_MS).unref();
    // Waits for a start in progress to reach its next step; otherwise a database server might be left running.
    this.starting
      .catch(() => undefined)
      .then(async () => await this.takeSteps())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
  };
}
