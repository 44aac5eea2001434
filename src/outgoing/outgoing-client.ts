import { Agent as HttpAgent, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

import { isLoopbackHost } from '../common/loopback.js';
import { isPublicAddress } from './public-address.js';
import { lookupPublic } from './public-lookup.js';

export interface OutgoingRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** https, or http to this machine. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Maximum size of the response body. */
  readonly maximumBytes: number;
  /** Limits everything: name lookup, connection, TLS and the whole response. */
  readonly signal: AbortSignal;
  /**
   * `configured`: the operator configured the URL, so it may be in the internal network. `public`: the URL comes from a
   * certificate or a caller, who must not use this server to access hosts that they cannot access themselves.
   */
  readonly destination: 'configured' | 'public';
}

/** A response with any status; its contents are untrusted. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** No complete response was received. */
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
 * The only HTTP client for outgoing requests. TLS with certificate verification except to this machine, no redirects (a
 * 3xx is returned like any other response), no content codings, limited in size and time.
 */
export class OutgoingClient {
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true, rejectUnauthorized: true }),
  };

  /** Throws an `OutgoingFailure`, or an `Error` if the request is not allowed. */
  async send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    checkUrl(request.url);
    try {
      const answer = await this.exchange(request);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readAll(answer, request) };
    } catch (error) {
      if (error instanceof OutgoingFailure) throw error;
      if (request.signal.aborted)
        throw new OutgoingFailure('timeout', 'no complete response in time', { cause: error });
      throw new OutgoingFailure('unreachable', (error as Error).message, { cause: error });
    }
  }

  /** Closes the idle connections. */
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
      // Not `once`: an error after the response has begun is also emitted here.
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /**
   * Configured destinations share keep-alive connections. Public ones get a new connection to the addresses that were
   * checked.
   */
  private connectionTo({ url, destination }: OutgoingRequest): RequestOptions {
    if (destination === 'configured') return { agent: this.agents[url.protocol as 'http:' | 'https:'] };
    // An IP address needs no lookup, so it must be checked here.
    const address = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0 && !isPublicAddress(address)) {
      throw new OutgoingFailure('unreachable', 'the host has an address that is not public');
    }
    return { agent: false, lookup: lookupPublic };
  }
}

function checkUrl({ protocol, hostname, username, password }: URL): void {
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new Error('Requests to other machines must use https.');
  }
  if (username !== '' || password !== '') throw new Error('A URL must not contain credentials.');
}

async function readAll(answer: IncomingMessage, { maximumBytes }: OutgoingRequest): Promise<Buffer> {
  try {
    const coding = answer.headers['content-encoding'];
    if (coding !== undefined && coding !== 'identity') {
      throw new OutgoingFailure('unintelligible', 'the response has a content coding');
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maximumBytes) {
        throw new OutgoingFailure('tooLarge', `the response has more than ${maximumBytes} bytes`);
      }
      chunks.push(chunk);
    }
    if (!answer.complete) throw new OutgoingFailure('unreachable', 'the response ended early');
    return Buffer.concat(chunks);
  } finally {
    // A connection with a partly read response cannot be reused.
    if (!answer.complete) answer.destroy();
  }
}
