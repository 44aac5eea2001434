import { describe, expect, test } from 'vitest';

import { AppError } from '../../common/errors.js';
import { type LineFormat, MAX_LINE_BYTES, MAX_LINES, readLines } from './line-reader.js';

/** The file in pieces of so many bytes. */
async function* piecesOf(file: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(file as string);
  for (let begin = 0; begin < bytes.length; begin += size) yield bytes.subarray(begin, begin + size);
}

async function linesOf(format: LineFormat, file: string | Buffer, size = 7): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  for await (const line of readLines(piecesOf(file, size), format)) {
    lines.push([line.position, 'members' in line ? { ...line.members } : line.errors.map(({ message }) => message)]);
  }
  return lines;
}

async function refusalOf(format: LineFormat, file: string | Buffer, size = 7): Promise<readonly string[]> {
  const error: unknown = await linesOf(format, file, size).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw error;
  return [error.code, ...error.details.map(({ message }) => message)];
}

const JANE = { userExtId: 'jane', name: { firstName: 'Zoë, "Z"' } };

describe('a file of CSV', () => {
  test.each([
    ['as RFC 4180 says', 'userExtId,name.firstName\r\njane,"Zoë, ""Z"""\r\n'],
    ['with LF', 'userExtId,name.firstName\njane,"Zoë, ""Z"""'],
    ['with both line ends', 'userExtId,name.firstName\r\njane,"Zoë, ""Z"""\n'],
    ['with a byte order mark', '\ufeffuserExtId,name.firstName\r\njane,"Zoë, ""Z"""\r\n'],
    ['with semicolons', '\ufeffuserExtId;name.firstName\r\njane;"Zoë, ""Z"""\r\n;\r\n'],
    ['with quoted names', '"userExtId","name.firstName"\n"jane","Zoë, ""Z"""\n'],
  ])('%s is read, in pieces of any size', async (_title, file) => {
    for (const size of [1, 2, 7, 1000]) expect(await linesOf('csv', file, size)).toEqual([[2, JANE]]);
  });

  test('an empty field clears a member, or says nothing of one that always has a value', async () => {
    const file = 'userExtId,loginId,certificate,remarks,contacts.email,properties\njane,,,,,\n';
    expect(await linesOf('csv', file)).toEqual([
      [2, { userExtId: 'jane', remarks: null, contacts: { email: null }, properties: null }],
    ]);
  });

  test('properties are JSON in one column, or columns of their own', async () => {
    const file = 'userExtId,properties,properties.a.b,properties.c\njane,"{""x"":""1""}",2,\n';
    expect(await linesOf('csv', file)).toEqual([
      [2, { userExtId: 'jane', properties: { x: '1', 'a.b': '2', c: null } }],
    ]);
  });

  test('flags are read as spreadsheets write them', async () => {
    const file = 'userExtId,isTechnicalUser\na,true\nb,FALSE\nc,WAHR\nd,faux\ne,perhaps\n';
    const flags = (await linesOf('csv', file)) as readonly (readonly [number, { isTechnicalUser: unknown }])[];
    expect(flags.map(([, { isTechnicalUser }]) => isTechnicalUser)).toEqual([true, false, true, false, 'perhaps']);
  });

  test('an apostrophe before a formula is no part of the text', async () => {
    const file = `userExtId,contacts.telephone,remarks\njane,'+41 31,'tis\n`;
    expect(await linesOf('csv', file)).toEqual([
      [2, { userExtId: 'jane', contacts: { telephone: '+41 31' }, remarks: `'tis` }],
    ]);
  });

  test('columns that only the server sets are left out', async () => {
    const file = 'userExtId,version,created,subjectDN,certificateValidity.to\njane,3,x,CN=x,y\n';
    expect(await linesOf('csv', file)).toEqual([[2, { userExtId: 'jane' }]]);
  });

  test('a record with too few or too many fields is refused by its row, and the others are read', async () => {
    const file = 'userExtId,remarks\na\nb,"two\nlines"\nc,x,y\n\nd,x\n';
    expect(await linesOf('csv', file)).toEqual([
      [2, ['This record has 1 fields; the first record names 2 columns.']],
      [3, { userExtId: 'b', remarks: 'two\nlines' }],
      [4, ['This record has 3 fields; the first record names 2 columns.']],
      [6, { userExtId: 'd', remarks: 'x' }],
    ]);
  });

  test('all columns that are wrong are named', async () => {
    expect(await refusalOf('csv', 'remarks,surname,remarks,properties.\nx,y,z,w\n')).toEqual([
      'errors.invalidData',
      'There is no column surname. The first record of the file names the columns.',
      'The column remarks is there twice. The first record of the file names the columns.',
      'There is no column properties.. The first record of the file names the columns.',
      'The column userExtId is missing. The first record of the file names the columns.',
    ]);
  });

  test.each([
    ['a quotation mark that is not closed', 'userExtId\na\n"b\n', 'Row 3 of the CSV cannot be read'],
    ['a quotation mark that is not doubled', 'userExtId\na\n"b"c"\n', 'Row 3 of the CSV cannot be read'],
    ['a quotation mark inside a field', 'userExtId\na"b\n', 'Row 2 of the CSV cannot be read'],
  ])('%s ends the file', async (_title, file, message) => {
    const [code, text] = await refusalOf('csv', file);
    expect([code, text?.startsWith(message)]).toEqual(['errors.malformedRequest', true]);
  });

  test('text that is not UTF-8 ends the file', async () => {
    const file = Buffer.from('userExtId,remarks\na,Zo\xeb\n', 'latin1');
    expect(await refusalOf('csv', file)).toEqual([
      'errors.malformedRequest',
      'The file must be text in UTF-8: line 2 or in one of the next is not.',
    ]);
    expect(await refusalOf('csv', Buffer.from('\ufeffuserExtId\na\n', 'utf16le'))).toHaveLength(2);
  });

  test('a record that is too large ends the file', async () => {
    const [code, message] = await refusalOf('csv', `userExtId,remarks\na,${'x'.repeat(MAX_LINE_BYTES + 1)}\n`, 1000);
    expect([code, message]).toEqual([
      'errors.payloadTooLarge',
      'Row 2 of the CSV is larger than 32 KiB, or a quotation mark is missing in it.',
    ]);
  });
});

describe('a file of NDJSON', () => {
  const line = JSON.stringify(JANE);

  test.each([
    ['with LF', `${line}\n`, [1]],
    ['with CRLF', `${line}\r\n${line}\r\n`, [1, 2]],
    ['with a byte order mark', `\ufeff${line}`, [1]],
    ['with empty lines', `\n${line}\n \r\n${line}`, [2, 4]],
  ])('%s is read, in pieces of any size', async (_title, file, positions) => {
    for (const size of [1, 2, 7, 1000]) {
      expect(await linesOf('ndjson', file, size)).toEqual(positions.map((position) => [position, JANE]));
    }
  });

  test('a line that is no JSON object is refused, and the others are read', async () => {
    expect(await linesOf('ndjson', `{"a":}\n[]\n${line}\n`)).toEqual([
      [1, ['This line is not JSON: see column 6.']],
      [2, ['This line is no JSON object.']],
      [3, JANE],
    ]);
  });

  test('members that only the server sets are left out', async () => {
    const sent = { ...JANE, version: 3, certificateValidity: { to: 'x' } };
    expect(await linesOf('ndjson', JSON.stringify(sent))).toEqual([[1, JANE]]);
  });

  test('text that is not UTF-8, and a line that is too large, end the file', async () => {
    const [code, message] = await refusalOf('ndjson', Buffer.from('{}\n{"a":"\xeb"}\n', 'latin1'));
    expect([code, message]).toEqual(['errors.malformedRequest', 'The file must be text in UTF-8: line 2 is not.']);
    expect(await refusalOf('ndjson', `{}\n${' '.repeat(MAX_LINE_BYTES + 1)}`, 1000)).toEqual([
      'errors.payloadTooLarge',
      'Line 2 is larger than 32 KiB.',
    ]);
  });

  test('a file has 100,000 lines at most, and one at least', async () => {
    expect(await refusalOf('ndjson', '{}\n'.repeat(MAX_LINES + 1), 60_000)).toEqual([
      'errors.payloadTooLarge',
      'The file has more than 100000 lines.',
    ]);
    expect(await linesOf('ndjson', '{}\n'.repeat(MAX_LINES), 60_000)).toHaveLength(MAX_LINES);
    for (const empty of ['', '\ufeff', '\n\n'])
      expect((await refusalOf('ndjson', empty))[0]).toBe('errors.malformedRequest');
    expect((await refusalOf('csv', 'userExtId\n'))[0]).toBe('errors.malformedRequest');
  });
});
