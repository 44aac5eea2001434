import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems choose from where a program asks for any port: from 32768 on (Linux) or 49152 (macOS, Windows). */
const PORTS = { first: 20_000, end: 30_000 } as const;

/** Of this process, for as long as it lives. */
const reservations: Socket[] = [];

/**
 * A port that nothing listens on, for a program that is about to be started. Nobody else gets it meanwhile: the system does
 * not choose it, and every test that asks for one holds the UDP port of the same number.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.end);
    if ((await isReserved(port)) && (await isUnused(port))) return port;
  }
}

async function isReserved(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
  } catch {
    return false;
  }
  reservations.push(socket);
  return true;
}

async function isUnused(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
