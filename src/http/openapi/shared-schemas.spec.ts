import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';

import { oneOfTexts, shareSchemas } from './shared-schemas.js';

const NAMED = { Colour: oneOfTexts(['red', 'green'], 'A colour.'), Id: { type: 'string', pattern: '^x' } };
const COLOUR = { $ref: '#/components/schemas/Colour' };

/** What becomes of this schema of a member. */
function share(schema: object): unknown {
  const document = { components: { schemas: { Car: { type: 'object', properties: { it: schema } } } } };
  const { components = {} } = shareSchemas(document as unknown as OpenAPIObject, NAMED);
  const { Car } = components.schemas as unknown as { Car: { properties: { it: unknown } } };
  return Car.properties.it;
}

it.each([
  ['as it is', { type: 'string', enum: ['red', 'green'] }, COLOUR],
  ['in another order of keywords', { enum: ['red', 'green'], type: 'string' }, COLOUR],
  [
    'with what is said of this member',
    { type: 'string', enum: ['red', 'green'], description: 'Of the roof.', example: 'red' },
    { ...COLOUR, description: 'Of the roof.', example: 'red' },
  ],
  [
    'or null',
    { type: ['string', 'null'], enum: ['red', 'green', null], description: 'null: unpainted.' },
    { anyOf: [COLOUR, { type: 'null' }], description: 'null: unpainted.' },
  ],
  [
    'or null, without a list',
    { type: ['string', 'null'], pattern: '^x' },
    { anyOf: [{ $ref: '#/components/schemas/Id' }, { type: 'null' }] },
  ],
  [
    'in an array',
    { type: 'array', items: { type: 'string', enum: ['red', 'green'] } },
    { type: 'array', items: COLOUR },
  ],
  ['not where it allows something else', { type: 'string', pattern: '^y' }, { type: 'string', pattern: '^y' }],
  ['not where there is no choice', { type: 'string', enum: ['red'] }, { type: 'string', enum: ['red'] }],
  [
    'not in an example',
    { type: 'object', example: { type: 'string', pattern: '^x' } },
    { type: 'object', example: { type: 'string', pattern: '^x' } },
  ],
])('a named schema is referred to, %s', (_, schema, expected) => {
  expect(share(schema)).toEqual(expected);
});

it('a choice without a name is refused', () => {
  expect(() => share({ type: 'string', enum: ['red', 'blue'] })).toThrow(/Car\/properties\/it needs a name/);
});

it('a named schema is a component, and refers to the others', () => {
  const list = { type: 'array', items: oneOfTexts(['red', 'green'], 'A colour.') };
  const { components } = shareSchemas({} as OpenAPIObject, { ...NAMED, Palette: list });
  expect(components?.schemas).toMatchObject({ Colour: NAMED.Colour, Palette: { items: COLOUR } });
});
