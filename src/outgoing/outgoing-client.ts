import { Agent as HttpAgent, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

import { isLoopbackHost } from '../common/loopback.js';
import { isPublicAddress } from './public-address.js';
import { lookupPublic } from './public-lookup.js';

export interface OutgoingRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** https, or http to this very machine. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Of the answer's body. */
  readonly maximumBytes: number;
  /** Bounds everything: name, connection, TLS and the whole answer. */
  readonly signal: AbortSignal;
  /**
   * `configured`: the operator named it, so it may be anywhere, inside his network too. `public`: it stands in a
   * certificate or comes from a caller, who must not reach through this server what he cannot reach himself.
   */
  readonly destination: 'configured' | 'public';
}

/** Of any status; nobody has vouched for what it says. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** There is no whole answer. */
export class OutgoingFailure extends Error {
  override readonly name = 'OutgoingFailure';

  constructor(
    readonly reason: 'unreachable' | 'timeout' | 'tooLarge' | 'unintelligible',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The only way by which this server asks another one anything. TLS with a verified certificate everywhere but on this
 * machine, no redirects (a 3xx is an answer like any other), no content codings, bounded in bytes and in time.
 */
export class OutgoingClient {
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true, rejectUnauthorized: true }),
  };

  /** Throws an `OutgoingFailure`, or an `Error` where the request is one that must never be made. */
  async send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    checkUrl(request.url);
    try {
      const answer = await this.exchange(request);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readAll(answer, request) };
    } catch (error) {
      if (error instanceof OutgoingFailure) throw error;
      if (request.signal.aborted) throw new OutgoingFailure('timeout', 'no whole answer in time', { cause: error });
      throw new OutgoingFailure('unreachable', (error as Error).message, { cause: error });
    }
  }

  /** Ends the connections that are kept for the next request. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async exchange(request: OutgoingRequest): Promise<IncomingMessage> {
    const { url, method = 'GET', headers = {}, body, signal } = request;
    const options: RequestOptions = {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      signal,
      ...this.connectionTo(request),
    };
    return await new Promise((resolve, reject) => {
      const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
      // Not once: what breaks after an answer has begun is an error of the request as well.
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** What the operator named keeps its connections. Others get one each, to the addresses that were checked for it. */
  private connectionTo({ url, destination }: OutgoingRequest): RequestOptions {
    if (destination === 'configured') return { agent: this.agents[url.protocol as 'http:' | 'https:'] };
    // An address needs no lookup, which is where names are checked.
    const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0 && !isPublicAddress(address)) {
      throw new OutgoingFailure('unreachable', 'the host has an address that is not public');
    }
    return { agent: false, lookup: lookupPublic };
  }
}

function checkUrl({ protocol, hostname, username, password }: URL): void {
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new Error('Only https leaves this machine.');
  }
  if (username !== '' || password !== '') throw new Error('A URL must hold no credentials.');
}

async function readAll(answer: IncomingMessage, { maximumBytes }: OutgoingRequest): Promise<Buffer> {
  try {
    const coding = answer.headers['content-encoding'];
    if (coding !== undefined && coding !== 'identity') {
      throw new OutgoingFailure('unintelligible', 'the answer has a content coding');
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maximumBytes) {
        throw new OutgoingFailure('tooLarge', `the answer has more than ${maximumBytes} bytes`);
      }
      chunks.push(chunk);
    }
    if (!answer.complete) throw new OutgoingFailure('unreachable', 'the answer broke off');
    return Buffer.concat(chunks);
  } finally {
    // A connection with an answer that nobody reads to its end is not worth keeping.
    if (!answer.complete) answer.destroy();
  }
}
