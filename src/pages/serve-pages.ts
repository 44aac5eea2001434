import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

import type { Clock } from '../common/clock.js';
import { appError } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { acceptsCoding, asksForPage } from './accepted.rules.js';
import { readBuiltPages, representation, type Representation } from './built-pages.js';
import { IssuerOrigins } from './issuer-origins.js';
import { pagePolicy } from './page-policy.js';

interface Parts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
}

const IMMUTABLE = 'public, max-age=31536000, immutable';
const NOT_BUILT = 'The pages have not been built. Run "npm run build:web" and restart certkeep.';

/** Serves console and self-service with their assets, all from memory. To be called before the API's routes exist. */
export function servePages(app: NestExpressApplication, parts: Parts, folder: string): void {
  const { settings, clock, logger } = parts;
  if (!settings.pages.enabled) return;
  const http: Express = app.getHttpAdapter().getInstance();
  const built = readBuiltPages(folder);
  if (built === undefined) logger.warn(NOT_BUILT);
  const issuer = settings.pages.signIn?.issuer;
  const origins =
    issuer === undefined
      ? undefined
      : new IssuerOrigins(app.get(OutgoingClient), issuer, clock, (reason) =>
          logger.warn({ issuer, reason }, 'metadata of the issuer not read'),
        );
  const index = built === undefined ? undefined : representation(fillIn(built.index, settings), undefined);

  const page = (request: Request, response: Response, next: NextFunction): void => {
    if (index === undefined) {
      next(appError({ code: 'errors.unavailable', message: NOT_BUILT }));
      return;
    }
    const answer = (found: readonly string[]): void => {
      response.setHeader('Content-Security-Policy', pagePolicy(found));
      // Not "no-store": the browser may keep the page, and asks each time whether it is still this one.
      response.setHeader('Cache-Control', 'no-cache');
      sendRepresentation(request, response, 'text/html; charset=utf-8', index);
    };
    void (origins?.current() ?? Promise.resolve([])).then(answer).catch(next);
  };
  for (const path of ['/console', '/console/{*path}', '/my', '/my/{*path}']) http.get(path, page);

  http.get('/web/{*path}', (request: Request, response: Response, next: NextFunction) => {
    const asset = built?.assets.get(request.path.slice('/web/'.length));
    if (asset === undefined) {
      next();
      return;
    }
    const { mediaType, representations } = asset;
    const codings = request.headers['accept-encoding']?.toString();
    const chosen = representations.find(({ coding }) => coding === undefined || acceptsCoding(codings, coding));
    response.setHeader('Cache-Control', IMMUTABLE);
    response.setHeader('Vary', 'Accept-Encoding');
    if (chosen !== undefined) sendRepresentation(request, response, mediaType, chosen);
  });

  // No route, so that the root stays a path that does not exist (404) for programs, whatever the method.
  app.use((request: Request, response: Response, next: NextFunction) => {
    const { path, method, headers } = request;
    if (path !== '/' || (method !== 'GET' && method !== 'HEAD') || !asksForPage(headers.accept)) {
      next();
      return;
    }
    response.statusCode = 302;
    response.setHeader('Location', '/console/');
    response.setHeader('Vary', 'Accept');
    response.end();
  });
}

function sendRepresentation(
  { headers }: Request,
  response: Response,
  mediaType: string,
  { coding, etag, body }: Representation,
): void {
  response.setHeader('ETag', etag);
  if (isKnown(headers['if-none-match'], etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  if (coding !== undefined) response.setHeader('Content-Encoding', coding);
  response.setHeader('Content-Type', mediaType);
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Whether the caller has this representation (RFC 9110 section 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

const PLACE = '<meta name="certkeep:sign-in" content="" />';

/** How people sign in, which the pages read from a meta element, because they have no inline script. */
function fillIn(index: string, { pages, database }: Settings): Buffer {
  if (!index.includes(PLACE)) throw new Error(`index.html has no ${PLACE}.`);
  const { issuer, clientId, scope, resource } = pages.signIn ?? {};
  const content = JSON.stringify({ issuer, clientId, scope, resource, embedded: database.url === undefined });
  const escaped = content.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return Buffer.from(index.replace(PLACE, () => PLACE.replace('content=""', () => `content="${escaped}"`)));
}
