import fc from 'fast-check';
import { expect, test } from 'vitest';

import { keyOfRdns } from './compare-names.js';
import { formatName } from './format-name.js';
import type { NameAttribute } from './name.js';
import { parseName } from './parse-name.js';

const attribute = fc.record({
  type: fc.constantFrom('2.5.4.3', '2.5.4.10', '1.2.840.113549.1.9.1', '2.5.4.5', '0.9.2342.19200300.100.1.25'),
  value: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\u0000')),
  der: fc.constant(Buffer.alloc(0)),
}) satisfies fc.Arbitrary<NameAttribute>;

const names = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 });

test('16.1 a name that is read from its display form is equal to it', () => {
  fc.assert(
    fc.property(names, (relativeDistinguishedNames) => {
      const text = formatName({ der: Buffer.alloc(0), relativeDistinguishedNames });
      const read = parseName(text);
      expect(read && keyOfRdns(read)).toBe(keyOfRdns(relativeDistinguishedNames));
    }),
    { numRuns: 2000 },
  );
});
