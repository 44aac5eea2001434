import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';

import { AppModule } from './app.module.js';
import { AuditLogUpkeep } from './audit/audit-log-upkeep.js';
import { RefusalRecorder } from './common/refusal-recorder.js';
import { VERSION } from './common/version.js';
import { BackgroundDatabase, Database } from './database/database.js';
import { ReplicaWatch } from './database/replica-watch.js';
import { Draining } from './draining.js';
import { Connections } from './http/connections.js';
import { ErrorFilter } from './http/error.filter.js';
import { noRoute } from './http/framework-error.js';
import { JsonRepliesAdapter } from './http/json-replies.js';
import { answerInOrder, closeConnectionsWhen } from './http/last-answer.js';
import { NestLog } from './http/logger.js';
import { Metrics } from './http/metrics.js';
import { serveDocumentation } from './http/openapi/documentation.js';
import { refuseMalformedMessages } from './http/request-message.js';
import { RequestTurns } from './http/request-turns.js';
import { requestMiddleware } from './http/request.middleware.js';
import { respondToUnreadableRequests } from './http/unreadable-request.js';
import { NAMED_SCHEMAS } from './named-schemas.js';
import { BUILT_PAGES } from './pages/built-pages.js';
import { servePages } from './pages/serve-pages.js';
import type { Runtime } from './runtime.module.js';
import { SecretVault } from './vault/secret-vault.js';

/** Time limits for receiving a request; `docs/settings.md` documents both. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * Interval in which Node checks these limits; with its default of 30 seconds, the ten seconds above could become forty.
 */
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than load balancers keep an idle connection (60 s), so that they never use one that is being closed. */
const KEEP_ALIVE_MS = 75_000;

/** Part of the paths of L10 and L12, which gateways ask, and no browser. */
const CERTIFICATE_LOGINS = '/certificate-logins';

/** The whole application, as used by `main.ts` and the tests: complete, but not listening yet. */
export async function createApp(runtime: Runtime, builtPages = BUILT_PAGES): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(runtime), expressAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(runtime.logger),
  });
  configureApp(app, runtime);
  serveDocumentation(app, VERSION, NAMED_SCHEMAS);
  servePages(app, runtime, builtPages);
  return await app.init();
}

function expressAdapter(): JsonRepliesAdapter {
  const server = express();
  server.disable('x-powered-by');
  // The ETag of a resource is its version; Express's digest of the body would cost a fifth of a small request.
  server.disable('etag');
  // Express would return a 304 based on the ETag, but logins and the end of a lock change a resource without changing
  // its version (3.3).
  Object.defineProperty(server.request, 'fresh', { value: false });
  server.set('query parser', false);
  // As those of the routes (`RouteTable`). Set before the adapter creates the router, which reads both only once.
  server.enable('case sensitive routing');
  server.enable('strict routing');
  return new JsonRepliesAdapter(server);
}

/** What parts count that know nothing of metrics. */
function showParts(app: NestExpressApplication): void {
  const databases = [app.get(Database), app.get(BackgroundDatabase)];
  app.get(Metrics).showDatabase(() => sumOf(databases.map(({ connections }) => connections.failures)));
  app.get(Metrics).showReplica(() => app.get(ReplicaWatch).reads);
  app.get(Metrics).showVault(() => app.get(SecretVault).failures);
  const auditLog = {
    name: 'certkeep_audit_log_bytes',
    help: 'Size of the audit log with its indexes, measured once a minute; 0 if this server does not lead.',
    largest: true,
  } as const;
  app.get(Metrics).showGauge(auditLog, () => app.get(AuditLogUpkeep).bytes);
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function configureApp(app: NestExpressApplication, runtime: Runtime): void {
  const { settings, clock, scheduler, logger, jsonWorker } = runtime;
  const server = app.getHttpServer();
  const connections = app.get(Connections);
  connections.watch(server, scheduler);
  showParts(app);
  app.get(Metrics).showConnections(connections);
  app.use(requestMiddleware(settings, clock, logger, app.get(Metrics), jsonWorker));
  app.use(answerInOrder);
  refuseMalformedMessages(app, server);
  const draining = app.get(Draining);
  const { response }: Express = app.getHttpAdapter().getInstance();
  closeConnectionsWhen(response, () => draining.hasBegun);
  if (settings.corsOrigins.length > 0) {
    const options = {
      origin: [...settings.corsOrigins],
      exposedHeaders: ['ETag', 'Location', 'X-Request-Id', 'Retry-After', 'WWW-Authenticate'],
      maxAge: 600,
    };
    // A gateway that passes its caller's method on, and lets every 2xx pass, must not get 204 for a preflight request.
    app.enableCors(({ path }: Request, use: (error: null, options: object) => void) => {
      use(null, path.includes(CERTIFICATE_LOGINS) ? { origin: false } : options);
    });
  }
  const database = app.get(Database);
  const turns = new RequestTurns({
    requireRoom: (client, before, { method }) => {
      // The replica may serve it, on connections of its own, also while the primary does not answer.
      if (database.hasReplica && method === 'GET') return;
      database.connections.queue.requireRoom(client, before);
    },
  });
  app.get(Metrics).showTurns(turns);
  app.use(turns.begin);
  // Express would answer OPTIONS for every known path itself, in a different shape.
  app.use((request: Request, _response: Response, next: NextFunction) => {
    next(request.method === 'OPTIONS' ? noRoute(request) : undefined);
  });
  app.useGlobalFilters(new ErrorFilter(logger, app.get(RefusalRecorder)));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  // An option of http.createServer, which Nest calls without options; it is read when the server starts to listen.
  Object.assign(server, { connectionsCheckingInterval: TIMEOUT_CHECK_MS });
  respondToUnreadableRequests(server, logger);
}
