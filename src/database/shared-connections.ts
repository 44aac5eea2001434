import type { Duplex } from 'node:stream';

import type { PoolClient } from 'pg';

/** Each is a process of PostgreSQL, which executes one statement after the other. */
const CONNECTIONS = 2;

interface Shared {
  readonly connection: Promise<PoolClient>;
  users: number;
  isBroken: boolean;
}

/**
 * Connections on which several reads wait for their answers at the same time: what is sent, executed and answered together
 * costs one call of the operating system and one change between processes, not one for each read. A read waits for those
 * before it, so all of them have to be short. The driver's clients need the option `pipeline`.
 */
export class SharedConnections {
  private readonly open: Shared[] = [];

  /** `connect` takes a connection from its pool. */
  constructor(private readonly connect: () => Promise<PoolClient>) {}

  /**
   * Runs `work` on the connection with the fewest users. After an error that `isBroken`, nobody else gets the connection, and
   * the others that use it get errors of their own.
   */
  async use<Result>(
    work: (connection: PoolClient) => Promise<Result>,
    isBroken: (error: unknown) => boolean,
  ): Promise<Result> {
    const shared = this.join();
    try {
      const connection = await shared.connection;
      sendAtEndOfTurn(connection);
      return await work(connection);
    } catch (error) {
      if (isBroken(error)) this.close(shared);
      throw error;
    } finally {
      await this.leave(shared);
    }
  }

  private join(): Shared {
    let [found] = this.open;
    for (const shared of this.open) if (found !== undefined && shared.users < found.users) found = shared;
    if (found === undefined || (found.users > 0 && this.open.length < CONNECTIONS)) {
      found = { connection: this.connect(), users: 0, isBroken: false };
      this.open.push(found);
    }
    found.users += 1;
    return found;
  }

  private async leave(shared: Shared): Promise<void> {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (!shared.isBroken) this.open.splice(this.open.indexOf(shared), 1);
    const connection = await shared.connection.catch(() => undefined);
    connection?.release(shared.isBroken);
  }

  private close(shared: Shared): void {
    if (shared.isBroken) return;
    shared.isBroken = true;
    this.open.splice(this.open.indexOf(shared), 1);
  }
}

/** What is written in one turn of the event loop is sent at its end. */
function sendAtEndOfTurn(connection: PoolClient): void {
  const { stream } = (connection as unknown as { readonly connection: { readonly stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
