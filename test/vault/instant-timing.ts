import { Timing } from '../../src/vault/kv2/timing.js';

/** Waits for nothing and remembers how long it should have; chance is in the middle. */
export class InstantTiming extends Timing {
  readonly waits: number[] = [];

  override random(): number {
    return 0.5;
  }

  override async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
  }
}
