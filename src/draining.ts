import { Injectable } from '@nestjs/common';

/**
 * The time between the shutdown signal and closing the listener, in which load balancers notice that the server is not
 * ready.
 */
@Injectable()
export class Draining {
  private begun = false;
  private staysReady = false;

  /** Whether load balancers should send requests elsewhere. */
  get isNotReady(): boolean {
    return this.begun && !this.staysReady;
  }

  /** Whether every response should be the last one on its connection. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /**
   * From now on the server is not ready, unless another process has taken over; resolves when the listener can be
   * closed.
   */
  async begin(milliseconds: number, { staysReady = false } = {}): Promise<void> {
    this.begun = true;
    this.staysReady = staysReady;
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
