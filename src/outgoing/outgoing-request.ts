import type { IncomingHttpHeaders } from 'node:http';

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Maximum size of the response body. */
  readonly maximumBytes: number;
  /** Limits everything: turns, name lookup, connection, TLS and the whole response. */
  readonly signal: AbortSignal;
}

export interface TrustedRequest extends Request {
  /**
   * `configured`: the operator configured the URL, so it may be in the internal network. `public`: the URL comes from a
   * caller, who must not use this server to access hosts that they cannot access themselves. Both need https, or http to
   * this machine.
   */
  readonly destination: 'configured' | 'public';
}

/** A certificate names the URL, which may be anything (contract 13.3). */
export interface SourceRequest extends Request {
  readonly destination: 'revocationSource';
  /** The client whose turn is used. */
  readonly clientExtId: string;
}

export type OutgoingRequest = TrustedRequest | SourceRequest;

/** A response with any status; its contents are untrusted. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Reason =
  /** No connection, or it was lost. */
  | 'unreachable'
  | 'timeout'
  | 'tooLarge'
  /** The response is not HTTP as this client reads it. */
  | 'unintelligible'
  /** A certificate or a caller named a URL, or an address behind it, to which no request is sent; or a redirect. */
  | 'refused'
  /** Too many requests of this client, or of all, are under way. */
  | 'overloaded';

/** No complete response was received. The message of a request to a revocation source has no text of others in it. */
export class OutgoingFailure extends Error {
  override readonly name = 'OutgoingFailure';

  constructor(
    readonly reason: Reason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
