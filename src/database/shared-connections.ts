import type { Duplex } from 'node:stream';

import type { PoolClient } from 'pg';

import { streamOf } from './sending.js';

/** In the normal case. Each is a process of PostgreSQL, which executes one statement after the other. */
const CONNECTIONS = 2;

/** A read that has had no answer for so long, and for so many turns of the event loop, is slow. */
const SLOW_MS = 2;
const SLOW_TURNS = 3;

interface Shared {
  readonly connection: Promise<PoolClient>;
  /** The reads without an answer, in the order in which they were sent. */
  readonly reads: Read[];
  isBroken: boolean;
}

/** When it was sent; until then, its connection is being opened. */
interface Read {
  at: number;
  turn: number;
}

/**
 * Connections on which several reads wait for their answers at the same time: what is sent, executed and answered together
 * costs one call of the operating system and one change between processes, not one for each read. A read waits for those
 * before it, so all of them have to be short. Where they are not, as from a disk, they use as many connections as there
 * are reads. The driver's clients need the option `pipeline`.
 */
export class SharedConnections {
  private readonly open: Shared[] = [];
  private written: Duplex[] = [];

  /** `connect` takes a connection from its pool. `monotonic`: milliseconds. */
  constructor(
    private readonly connect: () => Promise<PoolClient>,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /**
   * Runs `work` on the connection with the fewest reads. After an error that `isBroken`, nobody else gets the connection, and
   * the others that use it get errors of their own.
   */
  async use<Result>(
    work: (connection: PoolClient) => Promise<Result>,
    isBroken: (error: unknown) => boolean,
  ): Promise<Result> {
    const read = { at: Infinity, turn: Infinity };
    const shared = this.join(read);
    try {
      const connection = await shared.connection;
      read.at = this.monotonic();
      read.turn = loopTurns();
      this.sendAtEndOfTurn(connection);
      return await work(connection);
    } catch (error) {
      if (isBroken(error)) this.close(shared);
      throw error;
    } finally {
      await this.leave(shared, read);
    }
  }

  private join(read: Read): Shared {
    let [found] = this.open;
    for (const shared of this.open) if (found !== undefined && shared.reads.length < found.reads.length) found = shared;
    if (found === undefined || (found.reads.length > 0 && (this.open.length < CONNECTIONS || this.isSlow(found)))) {
      found = { connection: this.connect(), reads: [], isBroken: false };
      this.open.push(found);
    }
    found.reads.push(read);
    return found;
  }

  /** Time alone does not tell: the answer may have arrived during a long turn of the event loop. */
  private isSlow({ reads: [oldest] }: Shared): boolean {
    return oldest !== undefined && loopTurns() - oldest.turn >= SLOW_TURNS && this.monotonic() - oldest.at >= SLOW_MS;
  }

  private async leave(shared: Shared, read: Read): Promise<void> {
    // The oldest one, unless this one has timed out.
    shared.reads.splice(shared.reads.indexOf(read), 1);
    if (shared.reads.length > 0) return;
    if (!shared.isBroken) this.open.splice(this.open.indexOf(shared), 1);
    const connection = await shared.connection.catch(() => undefined);
    connection?.release(shared.isBroken);
  }

  private close(shared: Shared): void {
    if (shared.isBroken) return;
    shared.isBroken = true;
    this.open.splice(this.open.indexOf(shared), 1);
  }

  /** What is written in one turn of the event loop is sent at its end. */
  private sendAtEndOfTurn(connection: PoolClient): void {
    const stream = streamOf(connection);
    if (this.written.includes(stream)) return;
    if (this.written.length === 0) setImmediate(this.send);
    stream.cork();
    this.written.push(stream);
  }

  private readonly send = (): void => {
    const streams = this.written;
    this.written = [];
    for (const stream of streams) stream.uncork();
  };
}

/** Of the event loop, since the process started. */
function loopTurns(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}
