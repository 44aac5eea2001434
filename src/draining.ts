import { Injectable } from '@nestjs/common';

/** The time between the signal to end and the end of listening, in which load balancers learn to send nothing more. */
@Injectable()
export class Draining {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on the server is not ready; resolves when the listener may be closed. */
  async begin(milliseconds: number): Promise<void> {
    this.begun = true;
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
