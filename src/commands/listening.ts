import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';

import { StartError } from '../common/start-error.js';
import type { Settings } from '../config/settings.js';
import { Draining } from '../draining.js';
import { LOGGER } from '../http/logger.token.js';
import type { ListeningSockets } from './listening-sockets.js';

/** In-flight requests have this long at the end; then their connections are cut. */
const GRACE_MS = 4_000;

/** Answers the address, as it is typed into a browser. */
export async function listen(
  app: NestExpressApplication,
  sockets: ListeningSockets,
  { host, port }: Settings,
): Promise<string> {
  // Not by way of Nest, which writes its own line about a failure before the one that is for the reader.
  const { port: taken } = await sockets.open(port, host).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} on ${host} is taken. Set PORT to a free one.`, { cause: error });
    }
    throw new StartError(`certkeep cannot listen on ${host}:${port} (${code}). Check HOST and PORT.`, { cause: error });
  });
  // A connection that cannot be accepted (ENFILE) is lost, and no other.
  const logger = app.get<Logger>(LOGGER);
  sockets.onError((error) => logger.error({ err: error }, 'server'));
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}

/** Serves on while it is not ready any more; then takes no new connections, lets requests finish, and closes those that wait for a next one, which nobody sends. */
export async function closeGently(
  app: NestExpressApplication,
  sockets: ListeningSockets,
  drainMs: number,
): Promise<void> {
  await app.get(Draining).begin(drainMs);
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  try {
    // First, for Nest knows of one of them only.
    await sockets.close();
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
