import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

import { STATE_NAMES } from '../credentials/credential-state.rules.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';

/** Documents what `readCertificatesQuery` reads. */
export function ApiCertificatesQuery(): MethodDecorator {
  return applyDecorators(
    ApiPageQuery(),
    ApiQuery({
      name: 'stateName',
      required: false,
      schema: { type: 'string', enum: [...STATE_NAMES] },
      description: 'The current state. A temporary lock that has ended does not count.',
    }),
    ApiQuery({
      name: 'issuerDN',
      required: false,
      schema: { type: 'string' },
      description: 'The whole name, in the same form as in the credential.',
    }),
    ApiQuery({
      name: 'fingerprint',
      required: false,
      schema: { type: 'string' },
      description: 'SHA-256 or SHA-1 in hex, with or without colons.',
    }),
    ApiQuery({
      name: 'expiresBefore',
      required: false,
      schema: { type: 'string', format: 'date-time' },
      description: 'Only credentials whose validity ends before this instant.',
    }),
  );
}
