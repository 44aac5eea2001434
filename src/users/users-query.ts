import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Request } from 'express';

import { appError, type ErrorDetail, throwAll, invalidParameter } from '../common/errors.js';
import type { PageRequest } from '../common/page.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { PROPERTY_PREFIX, propertyFilter, SEARCH_MEMBERS, type SearchMember } from './user-search-members.js';

const MAX_OFFSET = 10_000;

export interface UserFilter {
  readonly name: string;
  readonly member: Pick<SearchMember, 'equals' | 'read' | 'indexed'>;
  readonly value: unknown;
}

export interface UserOrder {
  readonly member: SearchMember;
  readonly descending: boolean;
}

/** The query of C6 (contract 8.3). */
export interface UsersQuery {
  readonly page: PageRequest;
  readonly filters: readonly UserFilter[];
  /** If absent: by creation time. */
  readonly order: UserOrder | undefined;
  /** If absent: pages follow each other by token. */
  readonly offset: number | undefined;
}

export function readUsersQuery(request: Request): UsersQuery {
  const query = readQuery(
    request,
    [...PAGE_PARAMETERS, 'sortBy', 'offset', ...SEARCH_MEMBERS.keys()],
    [PROPERTY_PREFIX],
  );
  const order = readOrder(query['sortBy']);
  const offset = readOffset(query['offset']);
  if (query['continuationToken'] !== undefined && (order !== undefined || offset !== undefined)) {
    throw appError(
      invalidParameter('continuationToken', 'continuationToken cannot be combined with sortBy or offset.'),
    );
  }
  return { page: readPageRequest(query), filters: readFilters(query), order, offset };
}

function readFilters(query: Readonly<Record<string, string>>): readonly UserFilter[] {
  const filters: UserFilter[] = [];
  const errors: ErrorDetail[] = [];
  for (const [name, text] of Object.entries(query)) {
    const member = name.startsWith(PROPERTY_PREFIX)
      ? propertyFilter(name.slice(PROPERTY_PREFIX.length))
      : SEARCH_MEMBERS.get(name);
    if (member === undefined) continue;
    const value = member.read(text);
    if (value === undefined) errors.push(invalidParameter(name, `${name} cannot have this value.`));
    else filters.push({ name, member, value });
  }
  throwAll(errors);
  return filters;
}

function readOrder(text: string | undefined): UserOrder | undefined {
  if (text === undefined) return undefined;
  const descending = text.startsWith('-');
  const member = SEARCH_MEMBERS.get(descending ? text.slice(1) : text);
  if (member !== undefined) return { member, descending };
  throw appError(invalidParameter('sortBy', `sortBy must be one of ${[...SEARCH_MEMBERS.keys()].join(', ')}.`));
}

function readOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const offset = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (offset <= MAX_OFFSET) return offset;
  throw appError(invalidParameter('offset', `offset must be a whole number from 0 to ${MAX_OFFSET}.`));
}

/** A member to sort by, or with a leading - in descending order. */
export const SORT_ORDERS = ['', '-'].flatMap((sign) => [...SEARCH_MEMBERS.keys()].map((name) => `${sign}${name}`));

/** Documents what `readUsersQuery` reads. */
export function ApiUsersQuery(): MethodDecorator {
  return applyDecorators(
    ApiPageQuery(),
    ApiQuery({
      name: 'sortBy',
      required: false,
      schema: { type: 'string', enum: SORT_ORDERS },
      description: 'Ascending; descending with a leading -. Cannot be combined with continuationToken.',
    }),
    ApiQuery({
      name: 'offset',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: MAX_OFFSET },
      description: 'Cannot be combined with continuationToken.',
    }),
    ApiQuery({
      name: `${PROPERTY_PREFIX}costCentre`,
      required: false,
      schema: { type: 'string' },
      description: 'Equality of a property with any name; not indexed, the search may take at most two seconds.',
    }),
    ...[...SEARCH_MEMBERS].map(([name, { indexed, schema }]) =>
      ApiQuery({
        name,
        required: false,
        schema,
        description: indexed ? 'Equality; indexed.' : 'Equality; not indexed, the search may take at most two seconds.',
      }),
    ),
  );
}
