import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { bind } from './bind.js';
import { hasContent } from './body-bytes.js';
import { BODY_LIMIT, readJsonObject } from './json-body.js';
import { ApiBody } from './openapi/swagger.js';

interface BodySource {
  readonly type: new () => object;
  readonly limit: number;
}

const readBody = createParamDecorator(async (source: BodySource, context: ExecutionContext): Promise<object> => {
  const request = context.switchToHttp().getRequest<Request>();
  return bind(source.type, await readJsonObject(request, source.limit));
});

/**
 * The request body as an instance of `type`. Nest resolves parameters after the guards, so a caller who is not
 * authenticated or not authorized cannot make the server read or parse anything (contract 7.2).
 */
export function RequestBody(type: new () => object, limit = BODY_LIMIT): ParameterDecorator {
  return documentedBy(readBody({ type, limit }), ApiBody({ type }));
}

const readOptionalBody = createParamDecorator(
  async (type: new () => object, context: ExecutionContext): Promise<object | undefined> => {
    const request = context.switchToHttp().getRequest<Request>();
    return (await hasContent(request)) ? bind(type, await readJsonObject(request, BODY_LIMIT)) : undefined;
  },
);

/** Like `RequestBody`; undefined for a request without content. */
export function OptionalRequestBody(type: new () => object): ParameterDecorator {
  return documentedBy(readOptionalBody(type), ApiBody({ type, required: false }));
}

/** Combines the parameter decorator with the documentation that it adds to the method. */
export function documentedBy(parameter: ParameterDecorator, documentation: MethodDecorator): ParameterDecorator {
  return (target, key, index) => {
    parameter(target, key, index);
    const method = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && method !== undefined) documentation(target, key, method);
  };
}
