import { EXTERNAL_ID_SCHEMA } from '../external-id-schema.js';
import type { Operation } from './error-responses.js';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  clientExtId: 'External ID of the client.',
  userExtId: 'External ID of the user.',
  extId: 'External ID of the resource.',
  accountId: 'External ID of the client, which is the account.',
  certificateId: 'A whole number from 1 to 9007199254740991.',
};

/** Parameters are named in the path and read from it as a whole, so the document learns of them here. */
export function addPathParameters(path: string, operation: Operation): void {
  const known = new Set((operation.parameters ?? []).map(({ name }) => name));
  const added = [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !known.has(name))
    .map((name) => ({
      name,
      in: 'path',
      required: true,
      description: DESCRIPTIONS[name] ?? '',
      schema: EXTERNAL_ID_SCHEMA,
    }));
  operation.parameters = [...added, ...(operation.parameters ?? [])];
}
