import fc from 'fast-check';
import { expect, it } from 'vitest';

import { anyText, listOf as listType } from '../../src/policies/parameter-types.rules.js';
import { entriesOf, listOf } from '../../web/src/features/policies/parameter-lists.js';

const separators = fc.constantFrom(',', '|;', '|;,');
const entry = fc
  .string({ maxLength: 40, unit: fc.constantFrom('a', ' ', ',', '|', ';', '\\', '=', 'é') })
  .map((text) => text.trim())
  .filter((text) => text !== '');

it('2.12 the server reads the entries of a list that the console writes, and the console reads them back', () => {
  fc.assert(
    fc.property(separators, fc.array(entry, { minLength: 1, maxLength: 10 }), (between, entries) => {
      const text = listOf(entries, between);
      expect(listType(between, anyText('x')).read(text)).toEqual({ value: entries });
      expect(entriesOf(text, between)).toEqual(entries);
    }),
  );
});
