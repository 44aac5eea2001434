import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

import { createDocument } from './document.js';
import type { NamedSchemas } from './shared-schemas.js';

/** Scripts, styles and images of the page all come from this server, so that it works offline. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** Serves the document at `/api/openapi.json` and as a page at `/api/docs`. */
export function serveDocumentation(app: NestExpressApplication, version: string, named: NamedSchemas): void {
  app.use('/api/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    next();
  });
  SwaggerModule.setup('api/docs', app, () => createDocument(app, version, named), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'certkeep API',
    swaggerOptions: { displayRequestDuration: true, docExpansion: 'list' },
  });
}
