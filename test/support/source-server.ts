import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A body, another status, whatever a function does, or `hang`: no answer until it is released. */
type SourceAnswer = Buffer | RequestListener | 'hang' | number;

/** An OCSP responder and a place for CRLs, on loopback. */
export class SourceServer {
  /** The paths that were asked. */
  readonly asked: string[] = [];
  /** The largest number of requests that hung at the same time. */
  mostHanging = 0;
  private readonly answers = new Map<string, SourceAnswer>();
  private readonly waiting = new Map<string, () => void>();
  private readonly hanging: ServerResponse[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SourceServer> {
    const server = createServer();
    const source = new SourceServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => source.answer(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return source;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}/${path}`;
  }

  /** What this path answers from now on; without, it is 404. */
  set(path: string, answer: SourceAnswer): void {
    this.answers.set(`/${path}`, answer);
  }

  /** Answers the requests that hang. */
  release(path: string, answer: Buffer | number): void {
    this.set(path, answer);
    for (const response of this.hanging.splice(0)) reply(response, answer);
  }

  /** How many requests hang. */
  get hangingCount(): number {
    return this.hanging.length;
  }

  countOf(path: string): number {
    return this.asked.filter((one) => one === `/${path}`).length;
  }

  /** Ends when this path has been asked the next time. */
  async nextRequest(path: string): Promise<void> {
    await new Promise<void>((resolve) => void this.waiting.set(`/${path}`, resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push(path);
    this.waiting.get(path)?.();
    const answer = this.answers.get(path) ?? 404;
    if (typeof answer === 'function') {
      answer(request, response);
      return;
    }
    request.resume();
    if (answer === 'hang') this.hang(response);
    else reply(response, answer);
  }

  private hang(response: ServerResponse): void {
    this.hanging.push(response);
    this.mostHanging = Math.max(this.mostHanging, this.hanging.length);
    response.on('close', () => {
      const index = this.hanging.indexOf(response);
      if (index >= 0) this.hanging.splice(index, 1);
    });
  }
}

function reply(response: ServerResponse, answer: Buffer | number): void {
  response.statusCode = typeof answer === 'number' ? answer : 200;
  response.end(typeof answer === 'number' ? undefined : answer);
}
