import { describe, expect, it } from 'vitest';

import { csvRecord } from './csv.rules.js';

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
