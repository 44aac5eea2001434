import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { PROPERTY_PREFIX, SEARCH_MEMBERS } from './user-search-members.js';

/** What `readUsersQuery` reads, for the OpenAPI document. */
export function ApiUsersQuery(): MethodDecorator {
  const names = [...SEARCH_MEMBERS.keys()];
  return applyDecorators(
    ApiPageQuery(),
    ApiQuery({
      name: 'sortBy',
      required: false,
      schema: { type: 'string', enum: [...names, ...names.map((name) => `-${name}`)] },
      description: 'Ascending; with a leading - descending. There is no continuationToken then.',
    }),
    ApiQuery({
      name: 'offset',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: 10_000 },
      description: 'There is no continuationToken then.',
    }),
    ApiQuery({
      name: `${PROPERTY_PREFIX}costCentre`,
      required: false,
      schema: { type: 'string' },
      description: 'Equality of a property, whatever its name is; not indexed, the search may take two seconds.',
    }),
    ...[...SEARCH_MEMBERS].map(([name, { indexed, schema }]) =>
      ApiQuery({
        name,
        required: false,
        schema,
        description: indexed ? 'Equality; indexed.' : 'Equality; not indexed, the search may take two seconds.',
      }),
    ),
  );
}
