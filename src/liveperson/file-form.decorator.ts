import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { bind } from '../http/bind.js';
import { isJsonObject } from '../http/json-body.js';
import { parseJson } from '../http/json-text.js';
import { invalidPart, Multipart, partsOf } from '../http/multipart.js';
import { ApiBody, ApiExtraModels, getSchemaPath } from '../http/openapi/swagger.js';
import { MAX_P12_BYTES } from '../keystores/key-store.model.js';
import type { CertificateItemDto } from './certificate-item.dto.js';
import { keyStoreOf, type Sent } from './sent-items.js';

type ItemClass = new () => CertificateItemDto;

/**
 * L4, L6: the p12 is in the part `file`, and the rest as JSON in `certificate`, which some clients also send as a file.
 */
export const FileForm = createParamDecorator((type: ItemClass, context: ExecutionContext): Sent<CertificateItemDto> => {
  const { file, certificate } = partsOf(context.switchToHttp().getRequest<Request>(), {
    file: 'file',
    certificate: 'text',
  });
  if (file === undefined) throw invalidPart('file', 'The part file with the p12 is missing.');
  if (certificate === undefined) throw invalidPart('certificate', 'The part certificate is missing.');
  const item = bind(type, parse(certificate));
  return { item, keyStore: keyStoreOf(item, file) };
});

function parse(part: Buffer): Record<string, unknown> {
  const parsed = parseJson(part);
  if (!parsed.ok) throw invalidPart('certificate', `The part certificate ${parsed.message}.`);
  if (isJsonObject(parsed.value)) return parsed.value;
  throw invalidPart('certificate', 'The part certificate must be a JSON object.');
}

/** Documents the body of a route with a `FileForm` of this class. */
export function TakesFileForm(type: ItemClass): MethodDecorator {
  return applyDecorators(
    Multipart(MAX_P12_BYTES),
    ApiExtraModels(type),
    ApiBody({
      schema: {
        type: 'object',
        required: ['file', 'certificate'],
        properties: { file: { type: 'string', format: 'binary' }, certificate: { $ref: getSchemaPath(type) } },
      },
    }),
  );
}
