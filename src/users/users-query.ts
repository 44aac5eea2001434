import { applyDecorators } from '@nestjs/common';
import type { Request } from 'express';

import { appError, type ErrorDetail, throwAll, invalidParameter } from '../common/errors.js';
import type { PageRequest } from '../common/page.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiQuery } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import {
  PART,
  PROPERTY_PREFIX,
  propertyFilter,
  SEARCH_MEMBERS,
  type SearchCondition,
  type SearchMember,
} from './user-search-members.js';
import { MAX_PART, MIN_PART, patternOfPart, readFilterText, readPart } from './user-search.rules.js';

const MAX_OFFSET = 10_000;

export interface UserFilter {
  readonly name: string;
  readonly by: SearchCondition;
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
  /** Whether the newest users come first where there is no other order: in the answer to a search by part. */
  readonly newestFirst: boolean;
  /** If absent: by creation time. */
  readonly order: UserOrder | undefined;
  /** If absent: pages follow each other by token. */
  readonly offset: number | undefined;
}

export function readUsersQuery(request: Request): UsersQuery {
  const query = readQuery(
    request,
    [...PAGE_PARAMETERS, 'q', 'sortBy', 'offset', ...SEARCH_MEMBERS.keys()],
    [PROPERTY_PREFIX],
  );
  const order = readOrder(query['sortBy']);
  const offset = readOffset(query['offset']);
  if (query['continuationToken'] !== undefined && (order !== undefined || offset !== undefined)) {
    throw appError(
      invalidParameter('continuationToken', 'continuationToken cannot be combined with sortBy or offset.'),
    );
  }
  const newestFirst = query['q'] !== undefined;
  return { page: readPageRequest(query), filters: readFilters(query), newestFirst, order, offset };
}

function readFilters(query: Readonly<Record<string, string>>): readonly UserFilter[] {
  const filters: UserFilter[] = [];
  const errors: ErrorDetail[] = [];
  for (const [name, text] of Object.entries(query)) {
    const filter = readFilter(name, text);
    if (filter === undefined) continue;
    if ('code' in filter) errors.push(filter);
    else filters.push(filter);
  }
  throwAll(errors);
  return filters;
}

/** Undefined for a parameter that is no filter. */
function readFilter(name: string, text: string): UserFilter | ErrorDetail | undefined {
  if (name === 'q') return readPartFilter(text);
  if (name.startsWith(PROPERTY_PREFIX)) return equality(name, propertyFilter(name.slice(PROPERTY_PREFIX.length)), text);
  const member = SEARCH_MEMBERS.get(name);
  if (member?.begins === undefined) return member === undefined ? undefined : equality(name, member, text);
  const sent = readFilterText(text);
  if (sent.kind === 'invalid') return invalidParameter(name, sent.message);
  if (sent.kind === 'equals') return equality(name, member, sent.text);
  return { name, by: member.begins, value: member.begins.fold(sent.text) };
}

function equality(
  name: string,
  by: SearchCondition & Pick<SearchMember, 'read'>,
  text: string,
): UserFilter | ErrorDetail {
  const value = by.read(text);
  return value === undefined ? invalidParameter(name, `${name} cannot have this value.`) : { name, by, value };
}

function readPartFilter(text: string): UserFilter | ErrorDetail {
  const part = readPart(text);
  if (part === undefined) return invalidParameter('q', `q must have ${MIN_PART} to ${MAX_PART} characters.`);
  return { name: 'q', by: PART, value: patternOfPart(part) };
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

const BEGINNINGS =
  'With a * at the end (Doe*): begins with, regardless of case; may take at most two seconds. ' +
  'In such a value, \\* is an asterisk and \\\\ a backslash.';

/** Documents what `readUsersQuery` reads. */
export function ApiUsersQuery(): MethodDecorator {
  return applyDecorators(
    ApiPageQuery(),
    ApiQuery({
      name: 'q',
      required: false,
      schema: { type: 'string', minLength: MIN_PART, maxLength: MAX_PART },
      description:
        'A part of the first and family name, the login ID, the e-mail or the extId, regardless of case. ' +
        'The newest users come first. The search may take at most two seconds.',
    }),
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
    ...[...SEARCH_MEMBERS].map(([name, { indexed, begins, schema }]) =>
      ApiQuery({
        name,
        required: false,
        schema,
        description: [
          indexed ? 'Equality; indexed.' : 'Equality; not indexed, the search may take at most two seconds.',
          ...(begins === undefined ? [] : [BEGINNINGS]),
        ].join(' '),
      }),
    ),
  );
}
