import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

import { X_TOKEN_FIELD } from '../../common/errors.js';
import { ERROR_EXAMPLES } from './error-examples.js';
import { addErrorResponses, ERROR_SCHEMAS, type Operation } from './error-responses.js';
import { addPathParameters } from './path-parameters.js';
import { addRights, X_TOKEN_DESCRIPTION, X_TOKEN_SCHEME } from './rights.js';
import { type NamedSchemas, shareSchemas } from './shared-schemas.js';
import { loadSwagger } from './swagger.js';

/** The resources by which the operations are grouped, in the order of the page. */
const TAGS = {
  clients: 'A client has its own users, policies and credentials, and is an account of the mTLS routes.',
  policies: 'What a client requires of the certificates and passwords of its users.',
  'trust-anchor sets': 'The certificate authorities that a client trusts; policies name a set.',
  users: 'The owners of credentials.',
  credentials: 'Operations on credentials of all types.',
  certificates: "A user's X.509 certificates, their states and their history.",
  jobs: 'Changes of many resources at once, each by the rules of the single change.',
  passwords: 'A user has at most one password.',
  'audit log': 'Who changed or deleted what in a client, which requests were refused, and who logged in.',
  principal: 'The authenticated caller.',
  mtls:
    "LivePerson's mTLS service: PKCS#12 files with a certificate and a private key, stored in a vault. An account is the " +
    'client with that external ID. Neither the file nor its password is ever returned.',
} as const;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Users' certificate credentials: which X.509 certificate belongs to which user, in which state,
under which policy.

**Tokens.** \`Authorization: Bearer\` identifies the caller, their rights and the clients in their data room. Callers with
only \`SelfAdmin\` can access their own user. Most of their changes also need an \`X-Token\`, which they get for their password.

**Changes.** A PATCH changes only the members that are sent; one that changes nothing creates no new version. Send the
\`version\` that you have read, or its ETag as \`If-Match\`: if the resource has changed since, the response is 409 or 412.
Without either, the change is applied to the current version, unless the server requires one: 428. An unknown member is 422.

**Dry runs.** Routes with \`?dryRun=true\` check and answer the request, but write nothing. On every other route,
including every GET, \`dryRun\` is 422 like any unknown query parameter.

**Lists.** Oldest first, unless stated otherwise. \`continuationToken\` of a page requests the next page.

**Errors.** Every error response has the same shape. The codes of each status are listed with each operation, and all
errors in a body are reported together. \`X-Request-Id\` identifies the request in the log. A method that a path does not
support is 405, with \`Allow\`.`;

/** Builds the OpenAPI document from the decorators and the error map that the server itself uses. */
export async function createDocument(
  app: INestApplication,
  version: string,
  named: NamedSchemas,
): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
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
