import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { csvRecord, csvText } from './csv.js';

describe('a record of CSV', () => {
  it.each([
    [['CN=Jane', 'Acme'], '"CN=Jane","Acme"'],
    [['a,b', 'c;d'], '"a,b","c;d"'],
    [['say "hello"', '"'], '"say ""hello""",""""'],
    [['two\r\nlines', 'tab\tinside'], '"two\r\nlines","tab\tinside"'],
    [['', null, undefined], '"","",""'],
    [[0, -1, 2.5], '0,-1,2.5'],
    [[], ''],
    [['Zoë', '😀'], '"Zoë","😀"'],
  ])('is quoted as RFC 4180 says and ends with CRLF: %j', (fields, text) => {
    expect(csvRecord(fields)).toBe(`${text}\r\n`);
  });

  it.each([
    ['=HYPERLINK("https://evil.test","x")', `"'=HYPERLINK(""https://evil.test"",""x"")"`],
    ['+1', `"'+1"`],
    ['-1A', `"'-1A"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\rx', `"'\rx"`],
    ['\nx', `"'\nx"`],
    ['  =1', `"'  =1"`],
    ['\u00a0=1', `"'\u00a0=1"`],
    ['＝1', `"'＝1"`],
    ['＠x', `"'＠x"`],
  ])('has no text that a spreadsheet would evaluate: %j', (field, text) => {
    expect(csvRecord([field])).toBe(`${text}\r\n`);
  });

  it('leaves other texts as they are', () => {
    for (const text of ['CN==', 'a+b', '1-2', `'x`, 'x\n=1']) expect(csvRecord([text])).toBe(`"${text}"\r\n`);
  });
});

describe('a field of CSV', () => {
  it.each([
    [`'=1`, '=1'],
    [`''=1`, `'=1`],
    [`'+41 31 555 01 01`, '+41 31 555 01 01'],
    ['+41 31 555 01 01', '+41 31 555 01 01'],
    [`'x`, `'x`],
    [`'`, `'`],
    ['', ''],
  ])('%j is read as %j', (field, text) => {
    expect(csvText(field)).toBe(text);
  });

  it('is read as the text that was written', () => {
    const texts = fc.string({ unit: fc.constantFrom("'", '=', '-', ' ', '\t', '\n', '"', ',', 'a', '＝', '\u0000') });
    fc.assert(
      fc.property(texts, (text) => {
        const field = csvRecord([text]).slice(1, -3).replaceAll('""', '"');
        expect(csvText(field)).toBe(text);
      }),
    );
  });
});
