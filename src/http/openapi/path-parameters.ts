import { EXTERNAL_ID_SCHEMA } from '../external-id-schema.js';
import type { Operation } from './error-responses.js';

interface PathParameter {
  readonly description: string;
  readonly schema: object;
}

/** Every name that a path may have; the document cannot be made of a path with another one. */
const PARAMETERS: Readonly<Record<string, PathParameter>> = {
  clientExtId: externalId('the client'),
  userExtId: externalId('the user'),
  extId: externalId('the resource'),
  accountId: externalId('the client, which is the account'),
  certificateId: {
    description: 'The `id` that the server chose. Whatever is no such number names nothing, and is 404.',
    schema: { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 2628739923 },
  },
};

function externalId(whose: string): PathParameter {
  return { description: `External ID of ${whose}; a \`/\` in it is sent as \`%2F\`.`, schema: EXTERNAL_ID_SCHEMA };
}

/** Parameters are named in the path and read from it as a whole, so the document learns of them here. */
export function addPathParameters(path: string, operation: Operation): void {
  const added = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const parameter = PARAMETERS[name];
    if (parameter === undefined) throw new Error(`Nothing describes the parameter ${name} of ${path}.`);
    return { name, in: 'path', required: true, ...parameter };
  });
  operation.parameters = [...added, ...(operation.parameters ?? [])];
}
