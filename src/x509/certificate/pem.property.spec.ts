import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readPem, toPem } from './pem.js';

const der = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
const prose = fc.string({ unit: fc.constantFrom(...Array.from('abc xyz:=#,.\t\n')), maxLength: 100 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', ' \t\r\n');

test('what is written as PEM is read as the same bytes', () => {
  fc.assert(
    fc.property(der, (bytes) => {
      expect(readPem(toPem(bytes))).toEqual({ ok: true, der: bytes });
    }),
  );
});

test('no line of base64 that is written is longer than 64 characters, and only the last one is shorter', () => {
  fc.assert(
    fc.property(der, (bytes) => {
      const lines = toPem(bytes).split('\n').slice(1, -2);
      expect(lines.slice(0, -1).every(({ length }) => length === 64)).toBe(true);
      expect(lines.at(-1)?.length).toBeLessThanOrEqual(64);
      expect(lines.join('')).toBe(bytes.toString('base64'));
    }),
  );
});

test('line lengths, line ends and text around the block do not change the bytes', () => {
  const layout = fc.record({ width: fc.integer({ min: 1, max: 200 }), lineEnd, before: prose, after: prose });
  fc.assert(
    fc.property(der, layout, (bytes, { width, lineEnd: end, before, after }) => {
      const lines = bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      const block = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join(end);
      expect(readPem(before + end + block + end + after)).toEqual({ ok: true, der: bytes });
    }),
  );
});

test('base64 with one character less, one more or a wrong one is refused or other bytes, never the same', () => {
  fc.assert(
    fc.property(der, fc.nat(), fc.constantFrom('', 'A', '=', '-', 'é', '/'), (bytes, position, replacement) => {
      const base64 = bytes.toString('base64');
      const at = position % base64.length;
      const changed = base64.slice(0, at) + replacement + base64.slice(at + 1);
      fc.pre(changed !== base64);
      const result = readPem(`-----BEGIN CERTIFICATE-----\n${changed}\n-----END CERTIFICATE-----\n`);
      expect(result.ok && result.der.equals(bytes)).toBe(false);
    }),
  );
});

test('two certificates are refused, in any order', () => {
  fc.assert(
    fc.property(der, der, (one, other) => {
      expect(readPem(toPem(one) + toPem(other))).toMatchObject({ ok: false });
    }),
  );
});
