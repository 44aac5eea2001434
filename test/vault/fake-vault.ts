import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

type Reply = (response: ServerResponse, received: Received) => void;

/** An HTTP server in place of the vault: gives the replies in turn, and the last one to all further requests. */
export class FakeVault {
  readonly received: Received[] = [];
  private replies: Reply[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: URL,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response));
  }

  static async start(): Promise<FakeVault> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeVault(server, new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  }

  /** Sets the replies, and clears the received requests. */
  will(...replies: readonly Reply[]): void {
    this.received.length = 0;
    this.replies = [...replies];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const token = request.headers['x-vault-token'];
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      token: typeof token === 'string' ? token : undefined,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    this.received.push(received);
    const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
    reply?.(response, received);
  }
}

/** A status with a JSON body, or with a text as it is. */
export function answers(status: number, body?: unknown): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export const neverReplies: Reply = () => undefined;

export const dropsTheConnection: Reply = (response) => response.socket?.destroy();

/** The status line and half of a body, and then nothing more. */
export const stopsHalfWay: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"data":');
};

export const breaksHalfWay: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"data":', () => response.socket?.destroy());
};
