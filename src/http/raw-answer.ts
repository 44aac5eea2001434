import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { ErrorDetail } from '../common/errors.js';

/** Maximum bytes that are read and dropped after the last response of a connection. */
export const LINGER_BYTES = 16 * 1024 * 1024;

/**
 * An error response in the shape of contract 7.1 as raw text, for connections on which Node has no request to answer.
 */
export function rawAnswer(
  status: number,
  detail: ErrorDetail,
  requestId: string,
  headers: readonly string[] = [],
): string {
  const body = JSON.stringify({ errors: [{ ...detail, requestId }] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store, no-transform',
    `X-Request-Id: ${requestId}`,
    ...headers,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/**
 * Writes the last bytes of a connection, and destroys its socket when the peer has closed its side or sends too much.
 * `Connections` does the same if the peer does neither. Further data is not read as requests.
 */
export function endConnection(socket: Socket, bytes: string): void {
  const destroy = (): unknown => socket.destroy();
  let received = 0;
  // Node's parser would continue otherwise, and the rest of a body that came too late would be executed after its 408.
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > LINGER_BYTES) destroy();
  });
  socket.once('end', destroy);
  socket.end(bytes, () => {
    if (socket.readableEnded) destroy();
  });
  socket.resume();
}
