import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';

import { DenialFeedService } from '../certificates/denials/denial-feed.service.js';
import { LOGGER } from '../common/logger.token.js';
import { Draining } from '../draining.js';
import { listenError, type ListeningPlace, type ListeningSockets, urlOf } from './listening-sockets.js';

/** Requests in flight have this long to finish at shutdown; then their connections are closed. */
const GRACE_MS = 4_000;

/** What accepts connections. */
export interface Listener {
  stopAccepting(): void;
  close(): Promise<void>;
}

/** Returns the URL, as it would be typed into a browser. */
export async function listen(
  app: NestExpressApplication,
  sockets: ListeningSockets,
  place: ListeningPlace,
): Promise<string> {
  const { host, port, setting } = place;
  // Does not use Nest, which would log its own message about a failure first.
  const { port: taken } = await sockets.open(port, host).catch((error: unknown) => {
    throw listenError(place, error);
  });
  logErrors(app, sockets);
  return urlOf({ host, setting, port: taken });
}

/** An error while accepting a connection (ENFILE) affects only that connection. */
export function logErrors(app: NestExpressApplication, sockets: ListeningSockets): void {
  const logger = app.get<Logger>(LOGGER);
  sockets.onError((error) => logger.error({ err: error }, 'server'));
}

/**
 * Continues to serve for `drainMs` while it is not ready any more. Then stops accepting connections, lets requests
 * finish, and closes idle connections. `isReplaced`: another process listens on the same sockets already, so that this
 * one stops accepting at once, and need not tell anybody to stop sending.
 */
export async function closeGracefully(
  app: NestExpressApplication,
  listeners: readonly Listener[],
  { drainMs, isReplaced = false }: { readonly drainMs: number; readonly isReplaced?: boolean },
): Promise<void> {
  if (isReplaced) for (const listener of listeners) listener.stopAccepting();
  await app.get(Draining).begin(drainMs, { staysReady: isReplaced });
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
