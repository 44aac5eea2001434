import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { ERROR_EXAMPLES } from './error-examples.js';
import { addErrorResponses, ERROR_SCHEMA, ERROR_SCHEMA_NAME, type Operation } from './error-responses.js';
import { addPathParameters } from './path-parameters.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Users' certificate credentials: which X.509 certificate belongs to which user, in which state,
under which policy. Every answer that is no success has the same shape; the codes of each status stand beside it.`;

/** The OpenAPI document, out of the same decorators and the same error map that serve. */
export function createDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('certkeep')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method] as unknown as Operation | undefined;
      if (operation === undefined) continue;
      addPathParameters(path, operation);
      addErrorResponses(method, operation);
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, [ERROR_SCHEMA_NAME]: ERROR_SCHEMA as never },
    examples: Object.fromEntries(Object.entries(ERROR_EXAMPLES).map(([code, value]) => [code, { value }])),
  };
  return document;
}
