import { fstatSync, write } from 'node:fs';

/** Maximum size of the lines that wait to be written. */
const MAX_BYTES = 1024 * 1024;

/** Between two writes, each of which costs more than several lines. */
const PAUSE_MS = 10;

/** Calls `done` once the bytes have been written or have failed to be written. */
export type Sink = (bytes: Buffer, done: (error?: Error | null) => void) => void;

/**
 * The destination of log lines. Writing never blocks the caller, and a failed write never ends the process. Lines for
 * which there is no room and lines that cannot be written are dropped and counted.
 */
export class LogOutput {
  /** Called with the number of lost lines as soon as there is room again. */
  onRoom: (lost: number) => void = () => undefined;
  private dropped = 0;
  private reported = 0;
  private lines: string[] = [];
  private bytes = 0;
  private isWriting = false;
  private pause: NodeJS.Timeout | undefined;
  private readonly waiters: (() => void)[] = [];

  constructor(
    private readonly sink: Sink,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  static toStandardOutput(): LogOutput {
    // Without a listener, a closed pipe would end the process.
    process.stdout.on('error', () => undefined);
    return new LogOutput(isFile(1) ? fileSink(1) : (bytes, done) => void process.stdout.write(bytes, done));
  }

  /** Counted since the server started. */
  get droppedLines(): number {
    return this.dropped;
  }

  write(line: string): void {
    const size = Buffer.byteLength(line);
    if (this.bytes + size > this.maxBytes) {
      this.dropped += 1;
      return;
    }
    this.lines.push(line);
    this.bytes += size;
    if (!this.isWriting && this.pause === undefined) this.writeNext();
  }

  /** Resolves when everything has been written or dropped, or when the time is over. */
  async flush(milliseconds: number): Promise<void> {
    this.endPause();
    if (!this.isWriting) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, milliseconds);
    this.waiters.push(resolve);
    await promise;
    clearTimeout(limit);
  }

  private writeNext(): void {
    const lines = this.lines;
    this.lines = [];
    const bytes = Buffer.from(lines.join(''));
    this.isWriting = true;
    this.sink(bytes, (error) => {
      this.isWriting = false;
      this.bytes -= bytes.length;
      if (error) this.dropped += lines.length;
      else this.report();
      if (this.waiters.length > 0) this.endPause();
      else this.pause ??= setTimeout(() => this.endPause(), PAUSE_MS);
    });
  }

  private endPause(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    if (this.lines.length > 0 && !this.isWriting) this.writeNext();
    if (!this.isWriting) for (const resolve of this.waiters.splice(0)) resolve();
  }

  private report(): void {
    const lost = this.dropped - this.reported;
    this.reported = this.dropped;
    if (lost > 0) this.onRoom(lost);
  }
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Does not use `process.stdout`, which writes to files synchronously and stops working after a failure. */
function fileSink(descriptor: number): Sink {
  let isLineBroken = false;
  return (bytes, done) => {
    const whole = isLineBroken ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes;
    const writeFrom = (offset: number): void => {
      write(descriptor, whole, offset, whole.length - offset, null, (error, written) => {
        const end = offset + (error === null ? written : 0);
        if (end > 0) isLineBroken = whole[end - 1] !== 0x0a;
        if (error !== null || end === whole.length) done(error);
        else writeFrom(end);
      });
    };
    writeFrom(0);
  };
}
