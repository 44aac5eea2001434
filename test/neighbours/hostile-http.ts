import { setMaxListeners } from 'node:events';
import { Agent, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { Target } from './messages.js';

interface Sending {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Another loopback address than the one of the other clients. */
const OWN_ADDRESS = '127.0.0.2';

/** The requests and connections of an attack. They end with it, and their answers are counted. */
export class HostileHttp {
  readonly outcomes: Record<string, number> = {};
  private readonly target: Target;
  private readonly signal: AbortSignal;
  private readonly agent = new Agent({ keepAlive: true, timeout: 3_000 });

  constructor(target: Target, signal: AbortSignal) {
    this.target = target;
    this.signal = signal;
    setMaxListeners(0, signal);
  }

  /** Runs `work` in several loops until the attack ends, with a pause after each round. */
  async each(
    loops: number,
    work: (loop: number, round: number) => Promise<void>,
    { pauseMs = 100, rounds = Number.POSITIVE_INFINITY } = {},
  ): Promise<void> {
    const loopOf = async (loop: number): Promise<void> => {
      for (let round = 0; round < rounds && !this.signal.aborted; round += 1) {
        await work(loop, round);
        await pause(pauseMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: loops }, async (_, loop) => await loopOf(loop)));
  }

  count(outcome: string): void {
    if (!this.signal.aborted) this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }

  /** One request, whose answer is read to its end. */
  async ask(method: string, path: string, sending: Sending = {}): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sent = request(this.options(method, path, sending), (answer) => this.read(answer));
    sent.once('error', (error) => this.countError(error)).once('close', resolve);
    sent.end(sending.body);
    await promise;
  }

  /** A request with a body of at least `bytes` in chunks that goes on after a refusal. */
  async stream(path: string, type: string, chunk: Buffer, bytes: number): Promise<void> {
    const headers = { 'Content-Type': type, 'Transfer-Encoding': 'chunked' };
    const sent = request({ ...this.options('POST', path, { headers }), agent: false }, (answer) => this.read(answer));
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    sent.once('error', (error) => this.countError(error)).once('close', resolve);
    for (let written = 0; written < bytes && !sent.destroyed; written += chunk.length) {
      const drained = Promise.withResolvers<void>();
      if (sent.write(chunk)) drained.resolve();
      else sent.once('drain', drained.resolve);
      await Promise.race([drained.promise, closed]);
      // Some 13 MB a second.
      await pause(5);
    }
    if (!sent.destroyed) sent.end();
    await closed;
  }

  /** A connection that this side keeps open; counts the status of the first answer. */
  open(): Socket {
    const socket = connect({ ...this.to, allowHalfOpen: true });
    const end = (): void => void socket.destroy();
    this.signal.addEventListener('abort', end, { once: true });
    socket.on('error', (error) => this.countError(error));
    socket.once('close', () => this.signal.removeEventListener('abort', end));
    socket.once('data', (data: Buffer) => this.count(data.toString('latin1').split(' ')[1] ?? 'no status'));
    return socket;
  }

  /** The bytes of a request, for `open`. */
  bytes(method: string, path: string, type = 'application/json', body = ''): string {
    return [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${this.target.token}`,
      ...(body === '' ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`]),
      '',
      body,
    ].join('\r\n');
  }

  private options(method: string, path: string, { token, headers }: Sending): RequestOptions {
    const authorization = { Authorization: `Bearer ${token ?? this.target.token}` };
    const { agent, signal } = this;
    return { ...this.to, method, path, headers: { ...authorization, ...headers }, agent, signal };
  }

  private get to(): { readonly host: string; readonly port: number; readonly localAddress: string } {
    return { host: '127.0.0.1', port: this.target.port, localAddress: OWN_ADDRESS };
  }

  private read(answer: IncomingMessage): void {
    const { statusCode = 0, headers } = answer;
    const needsRetryAfter = statusCode === 429 || statusCode === 503;
    this.count(
      needsRetryAfter && headers['retry-after'] === undefined ? `${statusCode} without Retry-After` : `${statusCode}`,
    );
    // An answer that breaks off after the status line is counted by its status.
    answer.on('error', () => undefined).resume();
  }

  private countError(error: NodeJS.ErrnoException): void {
    this.count(CLOSED.includes(error.code ?? '') ? 'closed' : error.message);
  }
}

const CLOSED = ['ECONNRESET', 'EPIPE'];
