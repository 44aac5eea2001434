import type { IncomingMessage } from 'node:http';

/** RFC 9110 section 9.3.2: HEAD is like GET, except that the response has no body. */
export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
