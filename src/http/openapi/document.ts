import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { X_TOKEN_FIELD } from '../../common/errors.js';
import { ERROR_EXAMPLES } from './error-examples.js';
import { addErrorResponses, ERROR_SCHEMAS, type Operation } from './error-responses.js';
import { addPathParameters } from './path-parameters.js';
import { addRights } from './rights.js';
import { X_TOKEN_DESCRIPTION, X_TOKEN_SCHEME } from './security.js';
import { type NamedSchemas, shareSchemas } from './shared-schemas.js';
import { TAGS } from './tags.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Users' certificate credentials: which X.509 certificate belongs to which user, in which state,
under which policy.

**Tokens.** \`Authorization: Bearer\` says who calls, with which rights and in which clients. Callers with \`SelfAdmin\` alone
reach their own user, and change most of it only with an \`X-Token\`, which their password buys.

**Changes.** A PATCH changes only the members that are sent; one that changes nothing makes no new version. Send the
\`version\` that you have read, or its ETag as \`If-Match\`, and a change that came in between is 409, or 412. Without either
the change is made to what stands, unless the server is set to require one: 428. An unknown member is 422.

**Dry runs.** Where there is \`?dryRun=true\`, everything is checked and answered, and nothing is written. Everywhere else,
on a GET too, it is 422 like every query parameter that a path does not know.

**Lists.** Oldest first, where nothing else is said. \`continuationToken\` of a page asks for the next one.

**Errors.** Every answer that is no success has the same shape; the codes of each status stand beside it, and all that
is wrong with a body is said at once. \`X-Request-Id\` of an answer finds it in the log. A method that a path does not have
is 405, with \`Allow\`.`;

/** The OpenAPI document, out of the same decorators and the same error map that serve. */
export function createDocument(app: INestApplication, version: string, named: NamedSchemas): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('certkeep')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The server that answers this document.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addApiKey({ type: 'apiKey', in: 'header', name: X_TOKEN_FIELD, description: X_TOKEN_DESCRIPTION }, X_TOKEN_SCHEME);
  for (const [name, description] of Object.entries(TAGS)) config.addTag(name, description);
  const document = SwaggerModule.createDocument(app, config.build(), {
    operationIdFactory: (_, method) => method,
  });
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method] as unknown as Operation | undefined;
      if (operation === undefined) continue;
      addPathParameters(path, operation);
      addErrorResponses(method, operation);
      addRights(operation);
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...(ERROR_SCHEMAS as object) },
    examples: examplesIn(document),
  };
  return shareSchemas(document, named);
}

/** Those that an operation refers to: 405 is the answer of a path to a method that it does not have. */
function examplesIn({ paths }: OpenAPIObject): Readonly<Record<string, { readonly value: object }>> {
  const text = JSON.stringify(paths);
  return Object.fromEntries(
    Object.entries(ERROR_EXAMPLES)
      .filter(([name]) => text.includes(`"#/components/examples/${name}"`))
      .map(([name, value]) => [name, { value }]),
  );
}
