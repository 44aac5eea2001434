import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A body, another status, or `hang`: no answer until it is released. */
type SourceAnswer = Buffer | 'hang' | number;

/** An OCSP responder and a place for CRLs, on loopback. */
export class SourceServer {
  /** The paths that were asked. */
  readonly asked: string[] = [];
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
  release(path: string, answer: Exclude<SourceAnswer, 'hang'>): void {
    this.set(path, answer);
    for (const response of this.hanging.splice(0)) reply(response, answer);
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
    request.resume();
    const answer = this.answers.get(path) ?? 404;
    if (answer === 'hang') this.hanging.push(response);
    else reply(response, answer);
  }
}

function reply(response: ServerResponse, answer: Buffer | number): void {
  response.statusCode = typeof answer === 'number' ? answer : 200;
  response.end(typeof answer === 'number' ? undefined : answer);
}
