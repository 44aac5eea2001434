const WIDTH = 30;

/** Of a long command: a bar that is drawn over on a terminal, and a line every tenth of the way elsewhere. */
export class ProgressBar {
  private tenths = 0;

  constructor(
    private readonly total: number,
    /** What is counted, such as `events`. */
    private readonly unit: string,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  show(done: number): void {
    const part = this.total === 0 ? 1 : Math.min(1, done / this.total);
    const text = `${Math.floor(part * 100)} % (${done} of ${this.total} ${this.unit})`;
    if (this.stream.isTTY) {
      const filled = Math.round(part * WIDTH);
      this.stream.write(`\r[${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${text}`);
      return;
    }
    const tenths = Math.floor(part * 10);
    if (tenths > this.tenths) this.stream.write(`${text}\n`);
    this.tenths = tenths;
  }

  end(): void {
    if (this.stream.isTTY) this.stream.write('\n');
  }
}
