import type { Announce } from './running-database.js';

/** What takes longer is given up, so that whoever waits for the end has it within five seconds of draining. */
const LIMIT_MS = 4_800;

/**
 * What has been started, and how it ends: in the opposite order, once, on SIGTERM, SIGINT, or the SIGHUP of a
 * terminal that is closed. A second signal is no demand for haste: npm hands on the Ctrl-C that the terminal has sent to
 * the server as well.
 */
export class Shutdown {
  private readonly steps: (() => Promise<void>)[] = [];
  private starting: Promise<void> = Promise.resolve();
  private signalled = false;

  constructor(
    private readonly announce: Announce,
    private readonly drainMs = 0,
  ) {
    process.on('SIGTERM', this.onSignal);
    process.on('SIGINT', this.onSignal);
    process.on('SIGHUP', this.onSignal);
  }

  /** Runs a start, which adds a step for everything that it has started; where it fails all of them are taken. */
  async during(start: () => Promise<void>): Promise<void> {
    this.starting = start();
    try {
      await this.starting;
    } catch (error) {
      // What fails after a signal may fail because of it; that signal decides how it ends.
      if (this.signalled) return;
      await this.takeSteps();
      throw error;
    }
  }

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** Ends everything, for a command that is done. */
  async takeSteps(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.signalled) return;
    this.signalled = true;
    this.announce(`${signal}: finishing what is in flight …`);
    setTimeout(() => process.exit(1), this.drainMs + LIMIT_MS).unref();
    // A start that is half-way gets to its next step first: a database server that nobody knows of would stay behind.
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
