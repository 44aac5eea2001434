import type { IncomingMessage } from 'node:http';

/**
 * The value of a header that may be sent once only: undefined where it is absent, `repeated` where it is sent twice.
 * Node joins or drops the second, which lets a proxy and the server see different values.
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
