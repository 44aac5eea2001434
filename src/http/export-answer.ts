import { applyDecorators, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';

import { csvRecord } from '../common/csv.js';
import { type ErrorDetail, invalidParameter, throwAll } from '../common/errors.js';
import { pageSchema } from './openapi/operation.decorators.js';
import { ApiExtraModels, ApiResponse, getSchemaPath } from './openapi/swagger.js';
import { PAGE_PARAMETERS } from './page-request.js';
import { streamAnswer } from './streamed-answer.js';

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
type ExportFormat = keyof typeof TYPES;

/** Each line is a JSON object; its members, and those of its objects, are the columns of CSV. */
type Batches = AsyncGenerator<readonly object[]>;

/** A whole list as CSV or NDJSON, which the adapter sends while it is being read. */
export class Export {
  constructor(
    readonly format: ExportFormat,
    /** Of CSV, such as `name.firstName`. */
    readonly columns: readonly string[],
    readonly batches: Batches,
  ) {}
}

/**
 * The format in which the caller wants the whole list; undefined for a page in JSON. What chooses a page is 422 in an
 * export, which would otherwise seem to be complete.
 */
export function requestedExport(request: Request): ExportFormat | undefined {
  const accepted = request.accepts(['application/json', TYPES.ndjson, TYPES.csv]);
  if (accepted !== TYPES.ndjson && accepted !== TYPES.csv) return undefined;
  const [, query = ''] = request.originalUrl.split('?', 2);
  const sent = new URLSearchParams(query);
  const errors: readonly ErrorDetail[] = [...PAGE_PARAMETERS, 'sortBy', 'offset']
    .filter((name) => sent.has(name))
    .map((name) => invalidParameter(name, `${name} is for pages in JSON; ${accepted} is the whole list.`));
  throwAll(errors);
  return accepted === TYPES.csv ? 'csv' : 'ndjson';
}

/** @throws what refuses the export before its first batch; once it has begun, an error ends the connection */
export async function replyWithExport(response: Response, { format, columns, batches }: Export): Promise<void> {
  try {
    const first = await batches.next();
    const type = format === 'csv' ? `${TYPES.csv}; charset=utf-8; header=present` : `${TYPES.ndjson}; charset=utf-8`;
    if (response.req.method === 'HEAD') {
      response.setHeader('Content-Type', type).end();
      return;
    }
    const lineOf = format === 'csv' ? (line: object) => csvRecord(fieldsOf(line, columns)) : jsonLine;
    await streamAnswer(response, type, textOf(format === 'csv' ? csvRecord(columns) : '', first, batches, lineOf));
  } finally {
    // Also if the caller hangs up.
    await batches.return(undefined);
  }
}

async function* textOf(
  header: string,
  first: IteratorResult<readonly object[]>,
  batches: Batches,
  lineOf: (line: object) => string,
): AsyncGenerator<string> {
  if (header !== '') yield header;
  for (let step = first; step.done !== true; step = await batches.next()) {
    if (step.value.length > 0) yield step.value.map(lineOf).join('');
  }
}

function jsonLine(line: object): string {
  return `${JSON.stringify(line)}\n`;
}

function fieldsOf(line: object, columns: readonly string[]) {
  const members = line as Readonly<Record<string, unknown>>;
  return columns.map((column) => {
    const [name = '', inner] = column.split('.', 2);
    const value = members[name];
    return fieldOf(inner === undefined ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[inner]);
  });
}

function fieldOf(value: unknown): string | number | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

/** A page of a list, or the whole list as lines. */
export function AnswersPageOrExport(item: Type<unknown>, line: Type<unknown>): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(item, line),
    ApiResponse({
      status: 200,
      description:
        'A page, or all of the list: a JSON object or a record of CSV on each line, as an import takes them.',
      content: {
        'application/json': { schema: pageSchema(item) },
        [TYPES.ndjson]: { schema: { $ref: getSchemaPath(line) } },
        [TYPES.csv]: { schema: { type: 'string' } },
      },
    }),
  );
}
