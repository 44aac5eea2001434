import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { type NextFunction, type Request, type Response, Router } from 'express';

import { createDocument } from './document.js';
import type { NamedSchemas } from './shared-schemas.js';
import { loadSwagger } from './swagger.js';

/** Scripts, styles and images of the page all come from this server, so that it works offline. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const PAGE = 'api/docs';
const DOCUMENT = 'api/openapi.json';

/** What the page itself is made of, beside files. */
const PAGE_PATHS = ['', '/', '/index.html', '/swagger-ui-init.js'].map((end) => `/${PAGE}${end}`);

/** Serves the document at `/api/openapi.json` and as a page at `/api/docs`; both are made when somebody asks for one. */
export function serveDocumentation(app: NestExpressApplication, version: string, named: NamedSchemas): void {
  let made: Promise<Router> | undefined;
  const answer = (request: Request, response: Response, next: NextFunction): void => {
    made ??= makeRouter(app, version, named);
    made.then((router) => router(request, response, next)).catch(next);
  };
  app.use(`/${PAGE}`, (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    next();
  });
  for (const path of [`/${DOCUMENT}`, ...PAGE_PATHS]) app.getHttpAdapter().get(path, answer as never);
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.path.startsWith(`/${PAGE}/`)) answer(request, response, next);
    else next();
  });
}

async function makeRouter(app: NestExpressApplication, version: string, named: NamedSchemas): Promise<Router> {
  const { SwaggerModule } = await loadSwagger();
  const document = await createDocument(app, version, named);
  const router = Router({ caseSensitive: true, strict: true });
  const adapter = new ExpressAdapter(router);
  // What `setup` uses of an application; routes of the real one would come too late.
  const pages = {
    getHttpAdapter: () => adapter,
    useStaticAssets: (path: string, options: object) => adapter.useStaticAssets(path, options),
  } as unknown as NestExpressApplication;
  SwaggerModule.setup(PAGE, pages, document, {
    jsonDocumentUrl: DOCUMENT,
    raw: ['json'],
    customSiteTitle: 'certkeep API',
    swaggerOptions: { displayRequestDuration: true, docExpansion: 'list' },
  });
  return router;
}
