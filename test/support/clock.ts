import { Clock } from '../../src/common/clock.js';

/** Stands still until a test moves it. */
export class TestClock extends Clock {
  private moment: Date;

  constructor(moment: Date | string) {
    super();
    this.moment = new Date(moment);
  }

  override now(): Date {
    return new Date(this.moment);
  }

  set(moment: Date | string): void {
    this.moment = new Date(moment);
  }

  /** Milliseconds; negative ones go back. */
  advance(milliseconds: number): void {
    this.moment = new Date(this.moment.getTime() + milliseconds);
  }
}
