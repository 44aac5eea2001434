import { texts } from '../database/column.js';
import { octetsOf, pageOfRows } from '../database/page-rows.js';
import { behind } from '../database/paging.js';
import { parameter, returns, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import { CLIENT_COLUMNS, CLIENTS } from './client.table.js';

const DATA_ROOM = parameter('dataRoom', texts());
const COUNT = sql`select ${returns<{ readonly total: number }>('count(*)::integer as total')} from clients
  where deleted_at is null`;

const OCTETS = returns<unknown>(octetsOf('c', { plain: ['name', 'remarks'], composite: ['display_name'] }));
const LISTED = sql`select ${CLIENTS.select('c', CLIENT_COLUMNS)}, ${OCTETS} from clients c where c.deleted_at is null`;

export const LIST_CLIENTS = statement('list_clients', pageOfRows(sql`${LISTED} and ${behind('c')}`));

/** With few clients, the primary key finds each at once, while the page index would have to be read to the end. */
export const LIST_CLIENTS_OF_DATA_ROOM = statement(
  'list_clients_of_data_room',
  pageOfRows(sql`${LISTED} and c.ext_id = any(${DATA_ROOM}) and ${behind('c')}`),
);

export const COUNT_CLIENTS = statement('count_clients', COUNT);

export const COUNT_CLIENTS_OF_DATA_ROOM = statement(
  'count_clients_of_data_room',
  sql`${COUNT} and ext_id = any(${DATA_ROOM})`,
);
