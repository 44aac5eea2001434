import { applyDecorators, type Type } from '@nestjs/common';

import type { ErrorCode } from '../../common/errors.js';
import { CLASSIFICATIONS_SCHEMA, PAGINATION_SCHEMA } from './schemas.js';
import { oneOfResources, type ResourcesByType, type Schema } from './shared-schemas.js';
import { ApiExtension, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from './swagger.js';

/**
 * Summarises the route in one line. `surprises` are sentences about behaviour that a reader of the contract would not
 * expect.
 */
export function Summary(summary: string, ...surprises: readonly string[]): MethodDecorator {
  return ApiOperation({ summary, ...(surprises.length === 0 ? {} : { description: surprises.join(' ') }) });
}

interface AnswerOptions {
  readonly status?: 200 | 201;
  readonly description?: string;
  /** Whether the response is one versioned resource: it then has an ETag, and a 201 also has a Location. */
  readonly versioned?: boolean;
}

/** The header of a versioned response. */
export const ETAG = {
  ETag: { description: 'The version, as a strong entity tag.', schema: { type: 'string', example: '"3"' } },
} as const;

const LOCATION = {
  Location: { description: 'The path of the new resource.', schema: { type: 'string', format: 'uri-reference' } },
} as const;

/** Documents the successful response. */
export function Answers(type: Type<unknown>, options: AnswerOptions = {}): MethodDecorator {
  const { status = 200, versioned = true } = options;
  const resource = status === 201 ? 'The new resource, as a GET would return it.' : 'The resource as it is now.';
  const { description = versioned ? resource : 'Success.' } = options;
  return ApiResponse({
    status,
    description,
    type,
    headers: versioned ? { ...ETAG, ...(status === 201 ? LOCATION : {}) } : {},
  });
}

/** The envelope of a list (contract 8.1): of one class of resources, or of several. */
export function pageSchema(of: Type<unknown> | ResourcesByType): Schema {
  return {
    type: 'object',
    required: ['items', '_pagination', '_classifications'],
    properties: {
      items: { type: 'array', items: typeof of === 'function' ? { $ref: getSchemaPath(of) } : oneOfResources(of) },
      _pagination: PAGINATION_SCHEMA,
      _classifications: CLASSIFICATIONS_SCHEMA,
    },
  };
}

export function AnswersPage(of: Type<unknown> | ResourcesByType): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...(typeof of === 'function' ? [of] : Object.values(of))),
    ApiResponse({ status: 200, description: 'A page.', schema: pageSchema(of) }),
  );
}

interface Lines {
  readonly lines: readonly Type<unknown>[];
  /** Of the answer as one JSON object. */
  readonly json: Type<unknown>;
}

/** NDJSON, or one JSON object for a caller that accepts only that. */
export function AnswersLines({ lines, json }: Lines): MethodDecorator {
  const kinds = lines.map((one) => ({ $ref: getSchemaPath(one) }));
  const [only] = kinds.length === 1 ? kinds : [];
  return applyDecorators(
    ApiExtraModels(...lines, json),
    ApiResponse({
      status: 200,
      description: 'One JSON object on each line.',
      content: {
        'application/x-ndjson': { schema: only ?? { oneOf: kinds } },
        'application/json': { schema: { $ref: getSchemaPath(json) } },
      },
    }),
  );
}

/** `headers`: what each says, by its name. */
export function AnswersNothing(headers: Readonly<Record<string, string>> = {}): MethodDecorator {
  const described = Object.entries(headers).map(
    ([name, description]) => [name, { description, schema: { type: 'string' } }] as const,
  );
  return ApiResponse({
    status: 204,
    description: 'Success; there is no body.',
    headers: Object.fromEntries(described),
  });
}

export const ERROR_CODES = 'x-error-codes';

/**
 * The error codes that are specific to this route. Codes that follow from the kind of route (needs a token, has a body,
 * changes a version…) are added to the document by `error-responses.ts`.
 */
export function Refuses(...codes: readonly ErrorCode[]): MethodDecorator {
  return ApiExtension(ERROR_CODES, codes);
}
