import { Timing } from '../../src/vault/kv2/timing.js';

/** Records each wait and ends it at once; the random number is 0.5. */
export class InstantTiming extends Timing {
  readonly waits: number[] = [];

  override random(): number {
    return 0.5;
  }

  override async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
  }
}
