import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { readJson } from '../http/json-body.js';
import { ApiBody, ApiExtraModels, getSchemaPath } from '../http/openapi/swagger.js';
import { documentedBy } from '../http/request-body.decorator.js';
import type { CertificateItemDto } from './certificate-item.dto.js';
import { type OneSent, readItems, readOneItem, type Sent } from './sent-items.js';

/** As an array of byte values, a byte needs about 3.6 characters. */
const BODY_LIMIT = 2 * 1024 * 1024;
const REMEDY = 'Send p12 in base64, or as a file.';

type ItemClass = new () => CertificateItemDto;

// Converted here and not in the controller: Nest keeps parameters until the request ends, and a byte array as numbers
// needs eight times the memory of its bytes.
const readList = createParamDecorator(
  async (type: ItemClass, context: ExecutionContext): Promise<Sent<CertificateItemDto>[]> =>
    await readBody(context, (body) => readItems(type, body)),
);

const readOne = createParamDecorator(
  async (type: ItemClass, context: ExecutionContext): Promise<OneSent<CertificateItemDto>> =>
    await readBody(context, (body) => readOneItem(type, body)),
);

async function readBody<Value>(context: ExecutionContext, take: (body: unknown) => Value): Promise<Value> {
  return await readJson(context.switchToHttp().getRequest<Request>(), BODY_LIMIT, take, REMEDY);
}

/** The body as an array of items of `type`. `documented`: the same class with its p12. */
export function JsonItems(type: ItemClass, documented: new () => object): ParameterDecorator {
  const schema = { type: 'array', items: { $ref: getSchemaPath(documented) }, minItems: 1, maxItems: 50 };
  return documentedBy(readList(type), describe(documented, schema));
}

/** Like `JsonItems` for exactly one item, which may be sent without an array. */
export function JsonItem(type: ItemClass, documented: new () => object): ParameterDecorator {
  const item = { $ref: getSchemaPath(documented) };
  const schema = { oneOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 1 }] };
  return documentedBy(readOne(type), describe(documented, schema));
}

function describe(documented: new () => object, schema: object): MethodDecorator {
  return applyDecorators(ApiExtraModels(documented), ApiBody({ schema: schema as never }));
}
