import { applyDecorators } from '@nestjs/common';
import type { Request } from 'express';

import { type ErrorDetail, invalidParameter, throwAll } from '../../common/errors.js';
import { ApiPageQuery } from '../../http/openapi/page-query.decorator.js';
import { ApiQuery } from '../../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../../http/page-request.js';
import { readQuery } from '../../http/query.js';
import { CERTIFICATE_FILTERS, PART } from './certificate-filters.js';
import type { CertificateSearch, SentFilter } from './certificate-search.queries.js';
import { MIN_PART } from './search-values.rules.js';

const FILTERS = Object.entries(CERTIFICATE_FILTERS);
const FILTER_NAMES = [...FILTERS.map(([name]) => name), 'q'];

type CertificateFilters = Omit<CertificateSearch, 'page'>;

/** Reads the query of F1; reports all invalid values at once. */
export function readCertificateSearch(request: Request): CertificateSearch {
  const query = readQuery(request, [...PAGE_PARAMETERS, ...FILTER_NAMES]);
  const filters = filtersOf(query);
  return { page: readPageRequest(query), ...filters };
}

/** Reads a query that has only the filters of F1; reports all invalid values at once. */
export function readCertificateFilters(request: Request): CertificateFilters {
  return filtersOf(readQuery(request, FILTER_NAMES));
}

function filtersOf(query: Readonly<Record<string, string | undefined>>): CertificateFilters {
  const errors: ErrorDetail[] = [];
  const filters: SentFilter[] = [];
  for (const [name, filter] of FILTERS) {
    const sent = query[name];
    if (sent === undefined) continue;
    const value = filter.read(sent);
    if (value === undefined) errors.push(invalidParameter(name, `${name} must be ${filter.expected}.`));
    else filters.push({ name, filter, value });
  }
  const part = query['q'] === undefined ? undefined : PART.read(query['q']);
  if (query['q'] !== undefined && part === undefined) {
    errors.push(invalidParameter('q', `q must have at least ${MIN_PART} characters, and at most 250.`));
  }
  throwAll(errors);
  return { filters, part };
}

/** Documents what `readCertificateSearch` reads. */
export function ApiCertificateSearch(): MethodDecorator {
  return applyDecorators(ApiPageQuery(), ApiCertificateFilters());
}

/** Documents what `readCertificateFilters` reads. */
export function ApiCertificateFilters(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'q',
      required: false,
      schema: { type: 'string', minLength: MIN_PART, maxLength: 250 },
      description:
        'A part of the subject, of an alternative name, of the serial number or the extId, or of the login id or e-mail address of the user, in any case. The newest come first. The search may take at most two seconds.',
    }),
    ...FILTERS.map(([name, { schema, description }]) => ApiQuery({ name, required: false, schema, description })),
  );
}
