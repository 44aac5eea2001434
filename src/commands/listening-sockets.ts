import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

/**
 * libuv accepts one connection of each listening socket in an iteration of the event loop. Where iterations are long, one
 * caller who connects often would keep everybody else's new connections waiting.
 */
export const LISTENING_SOCKETS = 16;

/** Elsewhere the option is not there, or does not spread connections. */
const CAN_SHARE_PORT = process.platform === 'linux';

/** The listening sockets of one HTTP server, all of them on one port. */
export class ListeningSockets {
  private readonly others: Server[] = [];

  constructor(private readonly server: HttpServer) {}

  /** @throws the error of the system, where the port is taken or cannot be listened on */
  async open(port: number, host: string): Promise<AddressInfo> {
    const shares = CAN_SHARE_PORT && (await this.canShare(port, host));
    const address = await listen(this.server, { port, host, reusePort: shares });
    if (shares) await Promise.all(Array.from({ length: LISTENING_SOCKETS - 1 }, async () => await this.add(address)));
    return address;
  }

  onError(report: (error: Error) => void): void {
    for (const server of [this.server, ...this.others]) server.on('error', report);
  }

  /** Closes all at once; resolves when all their connections have ended. */
  async close(): Promise<void> {
    const closed = [this.server, ...this.others].map(async (server) => {
      await new Promise((resolve) => server.close(resolve));
    });
    await Promise.all(closed);
  }

  /**
   * A port that is shared is shared with every process of the same user that asks for it: whether another one has it is
   * found out by not sharing. Of port 0 the system takes one that nobody has.
   */
  private async canShare(port: number, host: string): Promise<boolean> {
    if (port !== 0) await listenBriefly({ port, host });
    try {
      await listenBriefly({ port: 0, host, reusePort: true });
      return true;
    } catch {
      return false;
    }
  }

  private async add({ port, address: host }: AddressInfo): Promise<void> {
    // As those of an HTTP server are made, which takes over what it is told of.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.server.emit('connection', socket);
    });
    this.others.push(server);
    await listen(server, { port, host, reusePort: true });
  }
}

interface Place {
  readonly port: number;
  readonly host: string;
  readonly reusePort?: boolean;
}

async function listen(server: Server, place: Place): Promise<AddressInfo> {
  server.listen(place);
  await once(server, 'listening');
  return server.address() as AddressInfo;
}

async function listenBriefly(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  server.close();
  await once(server, 'close');
}
