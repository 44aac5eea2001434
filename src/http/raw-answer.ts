import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { ErrorDetail } from '../common/errors.js';

/** As much is read, and dropped, of what a peer sends behind the last answer of its connection. */
export const LINGER_BYTES = 16 * 1024 * 1024;

/** An error in the shape of contract 7.1 as bytes, for connections on which there is no request to answer. */
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
 * Writes the last bytes of a connection, and destroys its socket when the peer has closed its side too or sends too much;
 * `Connections` does so with a peer that does neither. What still comes is no request any more.
 */
export function endConnection(socket: Socket, bytes: string): void {
  const destroy = (): unknown => socket.destroy();
  let received = 0;
  // Node's parser reads on otherwise: the rest of a body that came too late would be carried out after its 408.
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
