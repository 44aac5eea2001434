import type { Operation } from './error-responses.js';
import { EXTERNAL_ID_SCHEMA } from './schemas.js';

interface PathParameter {
  readonly description: string;
  readonly schema: object;
}

/** Every path parameter. The document cannot be generated for a path with any other. */
const PARAMETERS: Readonly<Record<string, PathParameter>> = {
  clientExtId: externalId('the client'),
  userExtId: externalId('the user'),
  extId: externalId('the resource'),
  accountId: externalId('the client, which is the account'),
  name: { description: 'The name of the CRL; a `/` in it is sent as `%2F`.', schema: EXTERNAL_ID_SCHEMA },
  id: {
    description: 'The `id` of the job. Any other value is 404.',
    schema: { type: 'string', format: 'uuid' },
  },
  certificateId: {
    description: 'The `id` that the server assigned. Any other value is 404.',
    schema: { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 2628739923 },
  },
};

function externalId(whose: string): PathParameter {
  return { description: `External ID of ${whose}; a \`/\` in it is sent as \`%2F\`.`, schema: EXTERNAL_ID_SCHEMA };
}

/** Handlers read all path parameters at once, so Nest cannot document them; they are added here. */
export function addPathParameters(path: string, operation: Operation): void {
  const added = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const parameter = PARAMETERS[name];
    if (parameter === undefined) throw new Error(`The parameter ${name} of ${path} has no description.`);
    return { name, in: 'path', required: true, ...parameter };
  });
  operation.parameters = [...added, ...(operation.parameters ?? [])];
}
