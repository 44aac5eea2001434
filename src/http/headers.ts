import type { IncomingMessage } from 'node:http';

import { parse } from 'content-type';

/**
 * The value of a header that may be sent only once: undefined if it is absent, `repeated` if it is sent more than once.
 * Node joins or drops repeated headers, so that a proxy and the server could see different values.
 */
export function singleHeader(request: IncomingMessage, lowerCaseName: string): string | undefined | typeof repeated {
  const first = request.headers[lowerCaseName];
  if (first === undefined) return undefined;
  const { rawHeaders } = request;
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) seen += 1;
  }
  return seen > 1 || typeof first !== 'string' ? repeated : first;
}

export const repeated = Symbol('repeated header');

interface MediaType {
  /** In lower case; empty if the header is absent or has no media type. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

export function mediaTypeOf(request: IncomingMessage): MediaType {
  return parse(request.headers['content-type'] ?? '');
}

/** Whether the body is compressed or the like (RFC 9110 section 8.4). */
export function hasContentCoding({ headers }: IncomingMessage): boolean {
  const coding = headers['content-encoding'];
  return coding !== undefined && coding.toLowerCase() !== 'identity';
}

/** No charset also means UTF-8 (RFC 8259 section 8.1); `utf8` is a common spelling. */
export function isUtf8Charset(charset: string | undefined): boolean {
  return charset === undefined || /^utf-?8$/i.test(charset);
}
