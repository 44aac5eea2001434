import { pipeline } from 'node:stream';

import { CsvError, type CsvErrorCode, parse } from 'csv-parse';

import { AppError, appError, type ErrorDetail } from '../../common/errors.js';
import { parseJson } from '../../http/json-text.js';
import { checkColumns, importedMembers, type LineMembers, membersOf } from './import-columns.js';

export const MAX_LINE_BYTES = 32 * 1024;
export const MAX_LINES = 100_000;
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

export type LineFormat = 'csv' | 'ndjson';

/** `position`: the line of NDJSON from 1; of CSV, the row as a spreadsheet counts them, so that the columns are row 1. */
export type ReadLine =
  | { readonly position: number; readonly members: LineMembers }
  | { readonly position: number; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] };

type Bytes = AsyncIterable<Buffer>;

/**
 * Reads a file no faster than its lines are taken, with little more than a line in memory. A line that cannot be read has
 * errors of its own.
 *
 * @throws AppError for a file that cannot be read any further, or is too large; the message says where
 */
export async function* readLines(body: Bytes, format: LineFormat): AsyncGenerator<ReadLine> {
  const lines = format === 'csv' ? csvLines(withoutMark(body)) : jsonLines(withoutMark(body));
  let count = 0;
  for await (const line of lines) {
    count += 1;
    if (count > MAX_LINES) throw tooLarge(`The file has more than ${MAX_LINES} lines.`);
    yield line;
  }
  if (count === 0) throw unreadable('The file has no lines.');
}

async function* jsonLines(body: Bytes): AsyncGenerator<ReadLine> {
  let position = 0;
  for await (const line of splitLines(body)) {
    position += 1;
    if (isBlank(line)) continue;
    const parsed = parseJson(line);
    // A file in another encoding would have many such lines.
    if (!parsed.ok && parsed.message.includes('UTF-8')) throw notUtf8(position);
    if (!parsed.ok) yield { position, errors: [invalidLine(`This line ${parsed.message.replace('line 1, ', '')}.`)] };
    else if (!isObject(parsed.value)) yield { position, errors: [invalidLine('This line is no JSON object.')] };
    else yield { position, members: importedMembers(parsed.value) };
  }
}

/** Without their line ends. */
async function* splitLines(body: Bytes): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let position = 1;
  for await (const chunk of body) {
    let begin = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, begin)) {
      checkSize(rest.length + end - begin, position);
      yield rest.length === 0 ? chunk.subarray(begin, end) : Buffer.concat([rest, chunk.subarray(begin, end)]);
      position += 1;
      rest = Buffer.alloc(0);
      begin = end + 1;
    }
    checkSize(rest.length + chunk.length - begin, position);
    rest = Buffer.concat([rest, chunk.subarray(begin)]);
  }
  if (rest.length > 0) yield rest;
}

async function* csvLines(body: Bytes): AsyncGenerator<ReadLine> {
  const { delimiter, bytes } = await discoverDelimiter(body);
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: MAX_LINE_BYTES,
  });
  // An error of the source ends the parser with the same error.
  pipeline(checkedText(bytes), parser, () => undefined);
  let position = 0;
  let names: readonly string[] = [];
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      position += 1;
      if (position === 1) {
        names = record.map((name) => name.trim());
        const [first, ...rest] = checkColumns(names);
        if (first !== undefined) throw new AppError([first, ...rest.slice(0, 20)]);
      } else if (record.every((field) => field === '')) {
        // Spreadsheets write empty rows.
      } else if (record.length === names.length) {
        yield { position, members: membersOf(names, record) };
      } else {
        const message = `This record has ${record.length} fields; the first record names ${names.length} columns.`;
        yield { position, errors: [invalidLine(message)] };
      }
    }
  } catch (error) {
    // Of a piece that has an error, no record is handed on.
    throw error instanceof CsvError ? csvFault(error.code, Number(error['records']) + 1) : error;
  }
}

/** A semicolon, as spreadsheets write it where the comma is the decimal separator, or a comma. */
async function discoverDelimiter(body: Bytes): Promise<{ delimiter: ',' | ';'; bytes: Bytes }> {
  const source = body[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (!head.includes(0x0a) && head.length <= MAX_LINE_BYTES) {
    const step = await source.next();
    if (step.done === true) break;
    head = Buffer.concat([head, step.value]);
  }
  const [line = ''] = head.toString('latin1').split('\n', 1);
  const delimiter = line.split(';').length > line.split(',').length ? ';' : ',';
  async function* bytes(): AsyncGenerator<Buffer> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => source };
  }
  return { delimiter, bytes: bytes() };
}

/** The parser would replace what is not UTF-8. */
async function* checkedText(body: Bytes): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for await (const chunk of body) {
    if (!isDecoded(decoder, chunk)) throw notUtf8(line, ' or in one of the next');
    line += countOf(chunk, 0x0a);
    yield chunk;
  }
  if (!isDecoded(decoder, undefined)) throw notUtf8(line);
}

function isDecoded(decoder: TextDecoder, chunk: Buffer | undefined): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

function countOf(bytes: Buffer, byte: number): number {
  let count = 0;
  for (let index = bytes.indexOf(byte); index >= 0; index = bytes.indexOf(byte, index + 1)) count += 1;
  return count;
}

/** Without a byte order mark, which spreadsheets write; counts the bytes. */
async function* withoutMark(body: Bytes): AsyncGenerator<Buffer> {
  let size = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_FILE_BYTES) throw tooLarge(`The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB.`);
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    yield unmarked(head);
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield unmarked(head);
}

function unmarked(head: Buffer): Buffer {
  return head.subarray(head.indexOf('\ufeff') === 0 ? 3 : 0);
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkSize(bytes: number, position: number): void {
  if (bytes > MAX_LINE_BYTES) throw tooLarge(`Line ${position} is larger than ${MAX_LINE_BYTES / 1024} KiB.`);
}

function csvFault(code: CsvErrorCode, position: number): AppError {
  if (code !== 'CSV_MAX_RECORD_SIZE') {
    return unreadable(`Row ${position} of the CSV cannot be read: a quotation mark is missing, or not doubled.`);
  }
  const limit = MAX_LINE_BYTES / 1024;
  return tooLarge(`Row ${position} of the CSV is larger than ${limit} KiB, or a quotation mark is missing in it.`);
}

function invalidLine(message: string): ErrorDetail {
  return { code: 'errors.invalidData', message };
}

function notUtf8(line: number, orLater = ''): AppError {
  return unreadable(`The file must be text in UTF-8: line ${line}${orLater} is not.`);
}

function unreadable(message: string): AppError {
  return appError({ code: 'errors.malformedRequest', message });
}

function tooLarge(message: string): AppError {
  return appError({ code: 'errors.payloadTooLarge', message });
}
