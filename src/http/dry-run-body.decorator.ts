import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { collectErrors, type ErrorDetail, throwAll } from '../common/errors.js';
import { bind } from './bind.js';
import { BODY_LIMIT, readJsonObject } from './json-body.js';
import { ApiBody, ApiQuery } from './openapi/swagger.js';
import { booleanParameter, readQuery } from './query.js';
import { documentedBy } from './request-body.decorator.js';

export interface WithDryRun<Body> {
  readonly body: Body;
  /** If true, everything is checked and answered, but nothing is written (contract 1.4). */
  readonly dryRun: boolean;
}

/**
 * One decorator reads both, so that the form of the body is checked first and all other errors are reported together
 * (contract 7.2).
 */
const readDryRunBody = createParamDecorator(
  async (type: new () => object, context: ExecutionContext): Promise<WithDryRun<object>> => {
    const request = context.switchToHttp().getRequest<Request>();
    const sent = await readJsonObject(request, BODY_LIMIT);
    const errors: ErrorDetail[] = [];
    const body = collectErrors(errors, () => bind(type, sent));
    const dryRun = collectErrors(errors, () => booleanParameter('dryRun', readQuery(request, ['dryRun'])['dryRun']));
    throwAll(errors);
    return { body: body as object, dryRun: dryRun as boolean };
  },
);

/** Like `RequestBody`, for a route that accepts `?dryRun=true`. */
export function DryRunBody(type: new () => object): ParameterDecorator {
  return documentedBy(readDryRunBody(type), applyDecorators(ApiBody({ type }), DRY_RUN));
}

export const DRY_RUN = ApiQuery({
  name: 'dryRun',
  required: false,
  schema: { type: 'boolean', default: false },
  description:
    'Perform all checks and respond as the real request would, including every rule that was evaluated, but write nothing. The response has no ETag and no Location.',
});
