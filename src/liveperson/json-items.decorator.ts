import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';

import { readJson } from '../http/json-body.js';
import { documentedBy } from '../http/request-body.decorator.js';

/** An array of byte values costs about 3.6 characters a byte. */
const BODY_LIMIT = 2 * 1024 * 1024;

const readBody = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<unknown> => {
  return await readJson(context.switchToHttp().getRequest<Request>(), BODY_LIMIT);
});

/** The body as JSON of any kind. `type`: of an item, for the document; `single`: it may stand without its array. */
export function JsonItems(type: new () => object, { single = false } = {}): ParameterDecorator {
  const item = { $ref: getSchemaPath(type) };
  const list = { type: 'array', items: item, minItems: 1, ...(single ? { maxItems: 1 } : { maxItems: 50 }) };
  const schema = single ? { oneOf: [item, list] } : list;
  return documentedBy(readBody(), applyDecorators(ApiExtraModels(type), ApiBody({ schema: schema as never })));
}
