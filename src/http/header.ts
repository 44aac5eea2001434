import type { IncomingMessage } from 'node:http';

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
