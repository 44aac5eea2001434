import { lookup } from 'node:dns/promises';
import { BoundSocket } from 'node:net';

import { CAN_SHARE_PORT, LISTENING_SOCKETS, listenError, type ListeningPlace, urlOf } from '../listening-sockets.js';

/**
 * The sockets of a port, bound by the main process and inherited by its workers, which listen on them. On Linux each
 * worker has sockets of its own, among which the kernel distributes new connections. As the main process keeps all of
 * them open, connections that wait at a worker that has ended wait for the one that replaces it.
 */
export class BoundSockets {
  private constructor(
    private readonly ofWorkers: readonly (readonly BoundSocket[])[],
    readonly address: string,
  ) {}

  /** @throws StartError if the port is taken or cannot be used */
  static async bind(place: ListeningPlace, workers: number): Promise<BoundSockets> {
    try {
      const { address: host } = await lookup(place.host);
      // A shared port is shared with every process of the same user, so first see whether another one uses it.
      const alone = new BoundSocket({ host, port: place.port });
      const { port } = alone.address() as { port: number };
      if (!CAN_SHARE_PORT)
        return new BoundSockets(
          Array.from({ length: workers }, () => [alone]),
          urlOf({ ...place, port }),
        );
      alone.close();
      const bind = (): BoundSocket => new BoundSocket({ host, port, reusePort: true });
      const ofWorker = (): BoundSocket[] => Array.from({ length: LISTENING_SOCKETS }, bind);
      return new BoundSockets(Array.from({ length: workers }, ofWorker), urlOf({ ...place, port }));
    } catch (error) {
      throw listenError(place, error);
    }
  }

  descriptorsOf(worker: number): readonly number[] {
    return (this.ofWorkers[worker] ?? []).map((socket) => socket.fd());
  }

  /** The workers keep listening. */
  close(): void {
    for (const socket of new Set(this.ofWorkers.flat())) socket.close();
  }
}
