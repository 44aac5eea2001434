import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';

import type { TestApp } from './app.js';

export interface RawAnswer {
  readonly status: number;
  /** The status line and header lines, unchanged. */
  readonly head: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
  readonly body: any;
}

/**
 * A connection for malformed requests, which HTTP clients would correct or refuse. It closes its
 * side when the server does, unless `options` have it half-open.
 */
export function openSocket(
  app: TestApp,
  options: Pick<TcpNetConnectOpts, 'allowHalfOpen' | 'localAddress'> = {},
): Socket {
  const { hostname, port } = new URL(app.url);
  return connect({ ...options, port: Number(port), host: hostname });
}

/** Writes the bytes as they are and reads one answer. */
export async function sendBytes(app: TestApp, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = openSocket(app);
  socket.write(bytes);
  return await readAnswer(socket);
}

/** Sends a request; Host is added, header lines may repeat. */
export async function sendRaw(
  app: TestApp,
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
  body = '',
): Promise<RawAnswer> {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return await sendBytes(app, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
}

/** Reads everything until the server closes the connection. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Writing fails when the server stops reading, but its answer has arrived.
  socket.on('error', () => undefined);
  // `once` of node:events would reject on the error that precedes it.
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads one answer, after which the server closes the connection. */
export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const text = await readToEnd(socket);
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const body = text.slice(end + 4);
  return { status: Number(head.split(' ')[1]), head, body: body === '' ? undefined : (JSON.parse(body) as unknown) };
}
