import { code, type Regions, table } from './markdown.js';

type Texts = Readonly<Record<string, string>>;

/** Of the OpenAPI document. */
export interface EventSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly description?: string; readonly example?: unknown }>>;
}

export function auditEvents(kinds: Readonly<Record<string, Texts>>, actions: Texts, schema: EventSchema): Regions {
  const rows = Object.entries(kinds).flatMap(([kind, texts]) =>
    Object.entries(texts).map(([action, when]) => [code(kind), code(action), when]),
  );
  return {
    events: table(['kind', 'action', 'written when'], rows),
    actions: table(
      ['action', 'what the event has'],
      Object.entries(actions).map(([action, text]) => [code(action), text]),
    ),
    members: table(
      ['member', 'present', 'meaning', 'example'],
      Object.entries(schema.properties).map(([name, { description = '', example }]) => [
        code(name),
        schema.required.includes(name) ? 'always' : 'if it applies',
        description,
        example === undefined ? '' : code(JSON.stringify(example)),
      ]),
    ),
  };
}
