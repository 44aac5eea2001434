import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

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

/** A list in the envelope of contract 8.1. */
export function AnswersPage(type: Type<unknown>): MethodDecorator {
  const pagination = {
    type: 'object',
    required: ['limit'],
    properties: {
      continuationToken: { type: 'string', description: 'Present only when there is a next page.' },
      heldFrom: {
        type: 'string',
        format: 'date-time',
        description: 'Of an audit log from which retention has dropped what was before.',
      },
      limit: { type: 'integer' },
      totalResult: { type: 'integer', description: 'Present only if returnTotalResultCount=true.' },
    },
  };
  return applyDecorators(
    ApiExtraModels(type),
    ApiResponse({
      status: 200,
      description: 'One page of the list.',
      schema: {
        type: 'object',
        required: ['items', '_pagination', '_classifications'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(type) } },
          _pagination: pagination,
          _classifications: { type: 'object' },
        },
      },
    }),
  );
}

export function AnswersNothing(): MethodDecorator {
  return ApiResponse({ status: 204, description: 'Success; there is no body.' });
}
