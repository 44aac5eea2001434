import { Injectable } from '@nestjs/common';

/**
 * The time between the shutdown signal and closing the listener, in which load balancers notice that the server is not
 * ready.
 */
@Injectable()
export class Draining {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on the server is not ready; resolves when the listener can be closed. */
  async begin(milliseconds: number): Promise<void> {
    this.begun = true;
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
