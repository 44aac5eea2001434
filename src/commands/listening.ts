import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';

import { DenialFeedService } from '../certificates/denials/denial-feed.service.js';
import { LOGGER } from '../common/logger.token.js';
import { StartError } from '../common/start-error.js';
import { Draining } from '../draining.js';
import type { ListeningSockets } from './listening-sockets.js';

/** Requests in flight have this long to finish at shutdown; then their connections are closed. */
const GRACE_MS = 4_000;

interface Place {
  readonly host: string;
  readonly port: number;
  /** The setting of the port. */
  readonly setting: 'PORT' | 'TLS_PORT';
}

/** Returns the URL, as it would be typed into a browser. */
export async function listen(
  app: NestExpressApplication,
  sockets: ListeningSockets,
  { host, port, setting }: Place,
): Promise<string> {
  // Does not use Nest, which would log its own message about a failure first.
  const { port: taken } = await sockets.open(port, host).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} on ${host} is taken. Set ${setting} to a free one.`, { cause: error });
    }
    throw new StartError(`certkeep cannot listen on ${host}:${port} (${code}). Check HOST and ${setting}.`, {
      cause: error,
    });
  });
  // An error while accepting a connection (ENFILE) affects only that connection.
  const logger = app.get<Logger>(LOGGER);
  sockets.onError((error) => logger.error({ err: error }, 'server'));
  const scheme = setting === 'PORT' ? 'http' : 'https';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}

/**
 * Continues to serve for `drainMs` while it is not ready any more. Then stops accepting connections, lets requests
 * finish, and closes idle connections.
 */
export async function closeGracefully(
  app: NestExpressApplication,
  listeners: readonly { close(): Promise<void> }[],
  drainMs: number,
): Promise<void> {
  await app.get(Draining).begin(drainMs);
  app.get(DenialFeedService).readers.end();
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  try {
    // Before Nest closes the server, because Nest knows only one of the sockets.
    await Promise.all(listeners.map(async (listener) => await listener.close()));
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
