import type { Socket } from 'node:net';

/** For how long nothing is read from a connection on which a request was refused, at least. */
const PAUSE_MS = 20;

/** From how many connections reading continues in one turn of the event loop. Reading and refusing one request takes 0.1 ms. */
const RESUMED_AT_ONCE = 64;

type Schedule = (work: () => void, milliseconds: number) => unknown;

interface Readable {
  readStart(): void;
  readStop(): void;
}

/**
 * Connections on which requests were refused. A caller that sends the next one at once, against `Retry-After`, waits until
 * it is read: however many do so, they do not keep the event loop from everything else. Until then their requests cost nothing.
 */
export class PacedConnections {
  /** When they were paused, the earliest first. */
  private readonly paused = new Map<Socket, number>();

  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    private readonly schedule: Schedule = soon,
  ) {}

  pause(socket: Socket): void {
    if (this.paused.has(socket)) return;
    // Pausing the socket would have no effect: Node's parser reads from beneath it.
    handleOf(socket)?.readStop();
    this.paused.set(socket, this.monotonic());
    if (this.paused.size === 1) this.scheduleNext();
  }

  private readonly resumeDue = (): void => {
    const now = this.monotonic();
    let resumed = 0;
    for (const [socket, at] of this.paused) {
      if (now - at < PAUSE_MS || resumed >= RESUMED_AT_ONCE) break;
      this.paused.delete(socket);
      handleOf(socket)?.readStart();
      resumed += 1;
    }
    this.scheduleNext();
  };

  private scheduleNext(): void {
    const [first] = this.paused.values();
    if (first !== undefined) this.schedule(this.resumeDue, Math.max(0, first + PAUSE_MS - this.monotonic()));
  }
}

/** Undefined once the connection has been closed. */
function handleOf(socket: Socket): Readable | undefined {
  const { _handle: handle } = socket as Socket & { _handle?: Readable | null };
  return handle ?? undefined;
}

function soon(work: () => void, milliseconds: number): void {
  if (milliseconds > 0) setTimeout(work, milliseconds);
  else setImmediate(work);
}
