import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

import { getSchemaPath } from './swagger.js';

export type Schema = Readonly<Record<string, unknown>>;

/** Schemas by the names that they have in the document. */
export type NamedSchemas = Readonly<Record<string, Schema>>;

/** Keywords that describe a value and decide nothing: they stay beside a reference. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['description', 'example', 'default', 'deprecated']);

/** What stands below these is no schema, whatever it looks like. */
const VALUES: ReadonlySet<string> = new Set(['example', 'examples', 'default']);

/** Classes of resources by the value of their member `type`. */
export type ResourcesByType = Readonly<Record<string, Type<unknown>>>;

/** A text out of a list. */
export function oneOfTexts(values: readonly string[], description: string): Schema {
  return { type: 'string', enum: [...values], description };
}

/** One of several resources; the member `type` says which. */
export function oneOfResources(resources: ResourcesByType): Schema {
  const mapping = Object.entries(resources).map(([type, resource]) => [type, getSchemaPath(resource)] as const);
  return {
    oneOf: mapping.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: 'type', mapping: Object.fromEntries(mapping) },
  };
}

/**
 * Makes each of the named schemas a component and refers to it wherever the document spells it out, so that a client
 * made from the document has one type for it. A choice between several texts must have a name.
 */
export function shareSchemas(document: OpenAPIObject, named: NamedSchemas): OpenAPIObject {
  const names = new Map(Object.entries(named).map(([name, schema]) => [keyOf(schema), name]));
  const shared = withReferences(document, names, 'document') as OpenAPIObject;
  const own = Object.entries(named).map(([name, schema]) => [name, withReferencesBelow(schema, names, name)]);
  const schemas = { ...shared.components?.schemas, ...(Object.fromEntries(own) as object) };
  return { ...shared, components: { ...shared.components, schemas } };
}

function withReferences(node: unknown, names: ReadonlyMap<string, string>, where: string): unknown {
  if (Array.isArray(node)) return node.map((item, index) => withReferences(item, names, `${where}/${index}`));
  if (typeof node !== 'object' || node === null) return node;
  const schema = node as Schema;
  const reference = referenceTo(schema, names);
  if (reference !== undefined) return reference;
  if ('enum' in node && Array.isArray(node.enum) && node.enum.length > 1)
    throw new Error(`The choice at ${where} needs a name, in named-schemas.ts.`);
  return withReferencesBelow(schema, names, where);
}

function withReferencesBelow(schema: Schema, names: ReadonlyMap<string, string>, where: string): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      VALUES.has(key) ? value : withReferences(value, names, `${where}/${key}`),
    ]),
  );
}

function referenceTo(schema: Schema, names: ReadonlyMap<string, string>): Schema | undefined {
  const nullable = Array.isArray(schema['type']) && schema['type'].includes('null');
  const name = names.get(keyOf(nullable ? withoutNull(schema) : schema));
  if (name === undefined) return undefined;
  const $ref = getSchemaPath(name);
  const annotations = Object.entries(schema).filter(([keyword]) => ANNOTATIONS.has(keyword));
  return { ...(nullable ? { anyOf: [{ $ref }, { type: 'null' }] } : { $ref }), ...Object.fromEntries(annotations) };
}

function withoutNull(schema: Schema): Schema {
  const types = (schema['type'] as readonly string[]).filter((type) => type !== 'null');
  const values = schema['enum'] as readonly unknown[] | undefined;
  return {
    ...schema,
    type: types.length === 1 ? types[0] : types,
    ...(values === undefined ? {} : { enum: values.filter((value) => value !== null) }),
  };
}

/** Equal for schemas that allow the same in the same words, whatever they say about it. */
function keyOf(schema: Schema): string {
  const assertions = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  return JSON.stringify(assertions.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
