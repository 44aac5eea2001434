import { applyDecorators } from '@nestjs/common';
import type { Request } from 'express';

import { appError, invalidParameter } from '../common/errors.js';
import { STATE_NAMES } from '../credentials/credential-state.rules.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiQuery } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { instantParameter, readQuery } from '../http/query.js';
import type { CertificatesQuery } from './certificate-list.queries.js';

/** Contract 8.3: the filters of X1. */
const FILTERS = ['stateName', 'issuerDN', 'fingerprint', 'expiresBefore'] as const;

export function readCertificatesQuery(request: Request): CertificatesQuery {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTERS]);
  return {
    page: readPageRequest(query),
    stateName: readStateName(query['stateName']),
    issuerDN: query['issuerDN'],
    fingerprint: readFingerprint(query['fingerprint']),
    expiresBefore: instantParameter('expiresBefore', query['expiresBefore']),
  };
}

function readStateName(text: string | undefined): string | undefined {
  if (text === undefined || (STATE_NAMES as readonly string[]).includes(text)) return text;
  throw appError(invalidParameter('stateName', `stateName must be one of ${STATE_NAMES.join(', ')}.`));
}

/** Accepts either digest, with colons as in the resource, or without. */
function readFingerprint(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const hex = text.replaceAll(':', '');
  if (/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(hex)) return Buffer.from(hex, 'hex');
  throw appError(invalidParameter('fingerprint', 'fingerprint must be a SHA-256 or SHA-1 digest in hex.'));
}

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
