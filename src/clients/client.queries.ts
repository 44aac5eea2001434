import { changeWithAuditEvent } from '../audit/change-with-audit-event.js';
import { parameter, sql } from '../database/sql.js';
import { shortRead, statement } from '../database/statement.js';
import { NEXT_VERSION, WRITTEN } from '../database/versioned.js';
import { CLIENT_COLUMNS, CLIENT_MEMBERS, CLIENTS } from './client.table.js';

/** The parameter has the same name as in the statements of everything inside a client. */
export const CLIENT_EXT_ID = parameter('clientExtId', CLIENTS.columns.extId);

/** A deleted client keeps only its extId. */
const EXISTING = sql`ext_id = ${CLIENT_EXT_ID} and deleted_at is null`;
const CLIENT = sql`select ${CLIENTS.select('c', CLIENT_COLUMNS)} from clients c`;

export const READ_CLIENT = shortRead('read_client', sql`${CLIENT} where ${EXISTING}`);

/** Locks the client against changes until the transaction ends. */
export const READ_CLIENT_TO_CHANGE = statement(
  'read_client_to_change',
  sql`${CLIENT} where ${EXISTING} for no key update`,
);

/** Locks the client so that nothing can be created inside it until the transaction ends. */
export const READ_CLIENT_TO_DELETE = statement('read_client_to_delete', sql`${CLIENT} where ${EXISTING} for update`);

export const CREATE_CLIENT = changeWithAuditEvent('create_client', {
  write: sql`insert into clients (${CLIENTS.names(CLIENT_COLUMNS)}) values (${CLIENTS.values(CLIENT_COLUMNS)})
    returning ${WRITTEN}`,
});

/** Only if it still has the version that was read. */
export const CHANGE_CLIENT = changeWithAuditEvent('change_client', {
  write: sql`update clients c set ${CLIENTS.assignments(CLIENT_MEMBERS)}, ${NEXT_VERSION}
    where ${EXISTING} and ${CLIENTS.matches('c', ['version'])}
    returning ${WRITTEN}`,
});

/** Finds other unique values that are already taken, for a refused client. */
export const FIND_TAKEN = statement(
  'find_taken_client',
  sql`select 'clients_pk' as "constraint" from clients where ext_id = ${CLIENT_EXT_ID}
    union all
    select 'clients_name_unique' from clients where name = ${CLIENTS.parameters.name} and deleted_at is null`,
);
