import { AppError } from '../common/errors.js';
import { FairSlots } from '../common/fair-slots.js';
import { OutgoingFailure } from './outgoing-request.js';

const JOBS = 'requests to revocation sources';

const WAITING = { maxWaiting: 2_000, maxWaitingPerKey: 200, waitMs: 5_000 };

/** Connections of the process. A client whose sources do not answer takes half of them at most. */
const CLIENT_LIMITS = { ...WAITING, slots: 80, share: 10, reserved: 40 };

/** Connections of a client to one host, so that a host that does not answer leaves most of its client's free. */
const HOST_LIMITS = {
  ...WAITING,
  slots: Number.MAX_SAFE_INTEGER,
  share: 8,
  reserved: Number.MAX_SAFE_INTEGER,
};

/** How many requests are sent to revocation sources at once. */
export class SourceTurns {
  private readonly clients = new FairSlots(CLIENT_LIMITS, JOBS);
  private readonly hosts = new FairSlots(HOST_LIMITS, JOBS);

  /** @throws OutgoingFailure if it would have to wait too long; errors of `work` */
  async run<Result>(
    { clientExtId, host }: { readonly clientExtId: string; readonly host: string },
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      // A request that waits for its host holds none of its client's connections.
      return await this.hosts.run(`${clientExtId} ${host}`, signal, () => this.clients.run(clientExtId, signal, work));
    } catch (error) {
      if (error instanceof OutgoingFailure) throw error;
      // One that waited until its time was over is not told apart from one that waited for too many others.
      if (!(error instanceof AppError) && !signal.aborted) throw error;
      throw new OutgoingFailure('overloaded', `too many ${JOBS} are under way`, { cause: error });
    }
  }
}
