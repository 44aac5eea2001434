import type { DataRoom } from '../common/actor.js';
import type { Statement } from '../database/database.js';
import { octetsOf, withinPageBytes } from '../database/page-rows.js';
import type { PageRequest } from '../http/page.js';
import { CLIENT } from './client.queries.js';

interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

const OCTETS = octetsOf('c', { plain: ['name', 'remarks'], composite: ['display_name'] });

/** $1 and $2 where the page begins, $3 how many, $4 the extIds of a data room. */
function page(where: string): string {
  return withinPageBytes(`select ${CLIENT}, ${OCTETS} from clients c
    where c.deleted_at is null ${where}
      and (c.created, c.ext_id) > (coalesce($1::timestamptz, '-infinity'), $2::text collate "C")
    order by c.created, c.ext_id limit $3`);
}

const LIST_ALL: Statement = { name: 'list_clients', text: page('') };

/** The page index would have to be read to its end to find the last of a few; the primary key finds each at once. */
const LIST_SOME: Statement = {
  name: 'list_clients_of_data_room',
  text: page('and c.ext_id = any($4::text[])'),
};

const COUNT_ALL: Statement = {
  name: 'count_clients',
  text: 'select count(*)::integer as total from clients where deleted_at is null',
};

const COUNT_SOME: Statement = {
  name: 'count_clients_of_data_room',
  text: `${COUNT_ALL.text} and ext_id = any($1::text[])`,
};

/** The clients that a caller may see and no others (contract C1); one more than asked for, to know of a next page. */
export function listStatement(dataRoom: DataRoom, { after, limit }: PageRequest): BoundStatement {
  const values = [after === undefined ? null : new Date(after.created), after?.extId ?? '', limit + 1];
  return dataRoom === 'all'
    ? { statement: LIST_ALL, values }
    : { statement: LIST_SOME, values: [...values, [...dataRoom]] };
}

export function countStatement(dataRoom: DataRoom): BoundStatement {
  return dataRoom === 'all' ? { statement: COUNT_ALL, values: [] } : { statement: COUNT_SOME, values: [[...dataRoom]] };
}
