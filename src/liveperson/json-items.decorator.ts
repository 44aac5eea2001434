import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';

import { readJson } from '../http/json-body.js';
import { documentedBy } from '../http/request-body.decorator.js';
import type { CertificateItemDto } from './dto/certificate-item.dto.js';
import { type OneSent, readItems, readOneItem, type Sent } from './sent-items.js';

/** An array of byte values costs about 3.6 characters a byte. */
const BODY_LIMIT = 2 * 1024 * 1024;
const REMEDY = 'Send p12 in base64, or by file.';

type ItemClass = new () => CertificateItemDto;

// Read on here and not in the controller: Nest keeps what it hands over until the end of a request, and the numbers of a
// byte array take eight times the room of its bytes.
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

/** The body as an array of items of `type`. `documented`: the same with its p12. */
export function JsonItems(type: ItemClass, documented: new () => object): ParameterDecorator {
  const schema = { type: 'array', items: { $ref: getSchemaPath(documented) }, minItems: 1, maxItems: 50 };
  return documentedBy(readList(type), describe(documented, schema));
}

/** As `JsonItems`, of exactly one, which may stand without its array. */
export function JsonItem(type: ItemClass, documented: new () => object): ParameterDecorator {
  const item = { $ref: getSchemaPath(documented) };
  const schema = { oneOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 1 }] };
  return documentedBy(readOne(type), describe(documented, schema));
}

function describe(documented: new () => object, schema: object): MethodDecorator {
  return applyDecorators(ApiExtraModels(documented), ApiBody({ schema: schema as never }));
}
