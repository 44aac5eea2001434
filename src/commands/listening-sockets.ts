import { once } from 'node:events';
import { type AddressInfo, createServer, Server } from 'node:net';

import { StartError } from '../common/start-error.js';

/**
 * libuv accepts one connection per listening socket in each iteration of the event loop. With long iterations, a caller
 * that connects often would delay new connections of everybody else.
 */
export const LISTENING_SOCKETS = 16;

/** On other systems the option does not exist, or does not distribute connections. */
export const CAN_SHARE_PORT = process.platform === 'linux';

export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
  /** The setting of the port. */
  readonly setting: 'PORT' | 'TLS_PORT';
}

/** The listening sockets of one server, which handles the connections of all of them; all on the same port. */
export class ListeningSockets {
  private readonly others: Server[] = [];

  constructor(private readonly server: Server) {}

  /** @throws the system's error if the port is taken or cannot be used */
  async open(port: number, host: string): Promise<AddressInfo> {
    const shares = CAN_SHARE_PORT && (await this.canShare(port, host));
    const address = await listen(this.server, { port, host, reusePort: shares });
    const { port: taken, address: on } = address;
    const more = shares ? LISTENING_SOCKETS - 1 : 0;
    const add = async () => await this.add({ port: taken, host: on, reusePort: true });
    await Promise.all(Array.from({ length: more }, add));
    return address;
  }

  /** Listens on sockets that this process has inherited. */
  async openInherited([first, ...others]: readonly number[]): Promise<void> {
    if (first === undefined) throw new Error('No socket was inherited.');
    await listen(this.server, { fd: first });
    await Promise.all(others.map(async (fd) => await this.add({ fd })));
  }

  onError(report: (error: Error) => void): void {
    for (const server of [this.server, ...this.others]) server.on('error', report);
  }

  /**
   * Accepts no more connections, and leaves those that exist as they are. Only for inherited sockets, on which another
   * process listens as well.
   */
  stopAccepting(): void {
    // An HTTP server would also close connections without a request, and its first one may be under way.
    for (const server of [this.server, ...this.others]) Server.prototype.close.call(server);
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

  private async add(place: Place): Promise<void> {
    // Created with the same options as the sockets of an HTTP server, which handles the connections.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.server.emit('connection', socket);
    });
    this.others.push(server);
    await listen(server, place);
  }
}

/** As it would be typed into a browser. */
export function urlOf({ host, port, setting }: ListeningPlace): string {
  const scheme = setting === 'PORT' ? 'http' : 'https';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function listenError({ host, port, setting }: ListeningPlace, error: unknown): StartError {
  const { code } = error as NodeJS.ErrnoException;
  const message =
    code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is taken. Set ${setting} to a free one.`
      : `certkeep cannot listen on ${host}:${port} (${code}). Check HOST and ${setting}.`;
  return new StartError(message, { cause: error });
}

type Place = { readonly port: number; readonly host: string; readonly reusePort?: boolean } | { readonly fd: number };

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
