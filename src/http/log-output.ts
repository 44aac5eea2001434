import { fstatSync, write } from 'node:fs';

/** Of lines that wait to be written. */
const MAX_BYTES = 1024 * 1024;

/** Calls back once the bytes are written, or are known not to be. */
export type Sink = (bytes: Buffer, done: (error?: Error | null) => void) => void;

/**
 * Where log lines go: nobody ever waits for it, and its failures end nothing. What has no room, and what cannot be
 * written, is dropped and counted.
 */
export class LogOutput {
  /** Told how many lines were lost, as soon as there is room again. */
  onRoom: (lost: number) => void = () => undefined;
  private dropped = 0;
  private reported = 0;
  private lines: string[] = [];
  private bytes = 0;
  private isWriting = false;
  private readonly waiters: (() => void)[] = [];

  constructor(
    private readonly sink: Sink,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  static toStandardOutput(): LogOutput {
    // Without a listener an end that nobody reads any more would end the process.
    process.stdout.on('error', () => undefined);
    return new LogOutput(isFile(1) ? fileSink(1) : (bytes, done) => void process.stdout.write(bytes, done));
  }

  /** Since the start. */
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
    if (!this.isWriting) this.writeNext();
  }

  /** Resolves once everything is written, or dropped, or the time is over. */
  async flush(milliseconds: number): Promise<void> {
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
      if (this.lines.length > 0 && !this.isWriting) this.writeNext();
      if (!this.isWriting) for (const resolve of this.waiters.splice(0)) resolve();
    });
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

/** Not by way of `process.stdout`, which writes to a file while everything waits, and never again after a failure. */
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
