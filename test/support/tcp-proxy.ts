import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

import { freePort } from './free-port.js';

/** A TCP proxy before a server. It can be closed, restored on the same port, stop forwarding, or be silent. */
export class TcpProxy {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private isSilent = false;

  private constructor(
    private readonly target: URL,
    private readonly port: number,
    private readonly delayMs: number,
  ) {}

  /** `delayMs`: by how much whatever the server sends is delayed. */
  static async to(url: string, delayMs = 0): Promise<TcpProxy> {
    const connection = new TcpProxy(new URL(url), await freePort(), delayMs);
    await connection.restore();
    return connection;
  }

  static async toPort(port: number): Promise<TcpProxy> {
    return await TcpProxy.to(`tcp://127.0.0.1:${port}`);
  }

  get listeningPort(): number {
    return this.port;
  }

  get url(): string {
    const url = new URL(this.target);
    url.port = String(this.port);
    return url.href;
  }

  async restore(): Promise<void> {
    const server = createServer((client) => {
      const upstream = connect(Number(this.target.port), this.target.hostname);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      }
      if (this.isSilent) return;
      client.pipe(upstream);
      if (this.delayMs === 0) upstream.pipe(client);
      else upstream.pipe(delay(this.delayMs)).pipe(client);
    });
    this.server = server;
    await once(server.listen(this.port, '127.0.0.1'), 'listening');
  }

  async cut(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Accepts new connections and keeps the open ones, but forwards nothing, as a network that loses every packet. */
  beSilent(): void {
    this.isSilent = true;
    this.stopForwarding();
  }

  /** Ends what was silent, so that both ends connect anew. */
  endSilence(): void {
    this.isSilent = false;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Open connections stay open, but forward nothing more. */
  stopForwarding(): void {
    for (const socket of this.sockets) socket.unpipe();
  }
}

/** Each chunk goes on that much later, in the same order. */
function delay(milliseconds: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => done(null, chunk), milliseconds);
    },
  });
}
