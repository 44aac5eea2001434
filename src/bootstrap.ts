import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';

import { AppModule } from './app.module.js';
import { isRouteWord } from './common/external-id.js';
import { VERSION } from './common/version.js';
import { Draining } from './draining.js';
import { ErrorFilter } from './http/error.filter.js';
import { noRoute } from './http/framework-error.js';
import { JsonRepliesAdapter } from './http/json-replies.js';
import { endConnectionsWhen, ignoreAfterLastAnswer } from './http/last-answer.js';
import { NestLog } from './http/logger.js';
import { Metrics } from './http/metrics.js';
import { serveDocumentation } from './http/openapi/documentation.js';
import { RefusalRecorder } from './http/refusal-recorder.js';
import { requestMiddleware } from './http/request.middleware.js';
import { answerUnreadableRequests } from './http/unreadable-request.js';
import type { Runtime } from './runtime.module.js';

/** How long a client may take; `docs/settings.md` speaks of both. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks; its own 30 seconds would make forty of the ten above. */
const TIMEOUT_CHECK_MS = 1_000;

/** The whole application as `main.ts` and the tests run it: complete, but not yet listening. */
export async function createApp(runtime: Runtime): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(runtime), expressAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(runtime.logger),
  });
  configureApp(app, runtime);
  serveDocumentation(app, VERSION);
  return await app.init();
}

function expressAdapter(): JsonRepliesAdapter {
  const adapter = new JsonRepliesAdapter();
  const express = adapter.getInstance<Express>();
  express.disable('x-powered-by');
  // The ETag of a resource is its version; Express's digest of the body would cost a fifth of a small request.
  express.disable('etag');
  // Express would answer 304 by the ETag, but logins and the end of a lock change a resource and not its version (3.3).
  Object.defineProperty(express.request, 'fresh', { value: false });
  express.set('query parser', false);
  // Contract 1.1: case counts, and a path with a trailing slash is another path. Said to the router itself, because the
  // application's settings of these names come too late: Nest's adapter has already made it make one.
  Object.assign(express.router, { caseSensitive: true, strict: true });
  // Contract 2.2: such a word is no client, so that `clients/x/policies` is never the policy `x` of a client `clients`.
  express.param('clientExtId', (_request, _response, next: NextFunction, value: string) => {
    next(isRouteWord(value) ? 'route' : undefined);
  });
  return adapter;
}

function configureApp(app: NestExpressApplication, { settings, clock, logger, jsonWorker }: Runtime): void {
  app.use(requestMiddleware(settings, clock, logger, app.get(Metrics), jsonWorker));
  app.use(ignoreAfterLastAnswer);
  const draining = app.get(Draining);
  const { response }: Express = app.getHttpAdapter().getInstance();
  endConnectionsWhen(response, () => draining.hasBegun);
  if (settings.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...settings.corsOrigins],
      exposedHeaders: ['ETag', 'Location', 'X-Request-Id', 'Retry-After'],
      maxAge: 600,
    });
  }
  // Express would answer OPTIONS for every known path on its own, in a shape that is not ours.
  app.use((request: Request, _response: Response, next: NextFunction) => {
    next(request.method === 'OPTIONS' ? noRoute(request) : undefined);
  });
  app.useGlobalFilters(new ErrorFilter(logger, app.get(RefusalRecorder)));
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  // An option of http.createServer, which Nest calls without any; read when the server begins to listen.
  Object.assign(server, { connectionsCheckingInterval: TIMEOUT_CHECK_MS });
  answerUnreadableRequests(server, logger);
}
