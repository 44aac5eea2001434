import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/**
 * libuv accepts one connection per listening socket in each iteration of the event loop. With long iterations, a caller
 * that connects often would delay new connections of everybody else.
 */
export const LISTENING_SOCKETS = 16;

/** On other systems the option does not exist, or does not distribute connections. */
const CAN_SHARE_PORT = process.platform === 'linux';

/** The listening sockets of one server, which handles the connections of all of them; all on the same port. */
export class ListeningSockets {
  private readonly others: Server[] = [];

  constructor(private readonly server: Server) {}

  /** @throws the system's error if the port is taken or cannot be used */
  async open(port: number, host: string): Promise<AddressInfo> {
    const shares = CAN_SHARE_PORT && (await this.canShare(port, host));
    const address = await listen(this.server, { port, host, reusePort: shares });
    if (shares) await Promise.all(Array.from({ length: LISTENING_SOCKETS - 1 }, async () => await this.add(address)));
    return address;
  }

  onError(report: (error: Error) => void): void {
    for (const server of [this.server, ...this.others]) server.on('error', report);
  }

  /** Closes all of them; resolves when all their connections have ended. */
  async close(): Promise<void> {
    const closed = [this.server, ...this.others].map(async (server) => {
      await new Promise((resolve) => server.close(resolve));
    });
    await Promise.all(closed);
  }

  /**
   * A shared port is shared with every process of the same user that requests it, so first check without sharing
   * whether another process uses it. For port 0 the system chooses a free one.
   */
  private async canShare(port: number, host: string): Promise<boolean> {
    if (port !== 0) await checkPortIsFree({ port, host });
    try {
      await checkPortIsFree({ port: 0, host, reusePort: true });
      return true;
    } catch {
      return false;
    }
  }

  private async add({ port, address: host }: AddressInfo): Promise<void> {
    // Created with the same options as the sockets of an HTTP server, which handles the connections.
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

async function checkPortIsFree(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  server.close();
  await once(server, 'close');
}
