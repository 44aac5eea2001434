import { nullable } from '../database/column.js';
import { grouped, parameter, sql } from '../database/sql.js';
import { CERTIFICATE_DENIALS } from './certificate-denial.table.js';

const { clientExtId } = CERTIFICATE_DENIALS.parameters;
const { kind, value } = CERTIFICATE_DENIALS.columns;

const KIND = grouped('denied', parameter('kind', nullable(kind)));
const VALUE = grouped('denied', parameter('value', value));

/**
 * An expression that appends what gateways have to ask again, for the same statement as the change, which is `changed`: both
 * are written or neither. Its parameter `denied` is a `Denial` or `NO_DENIAL`.
 */
export const DENIED = sql`denied as (insert into certificate_denials (client_ext_id, id, at, kind, value)
  select ${clientExtId}, gen_random_uuid(), changed.at, ${KIND}, ${VALUE} from changed where ${KIND} is not null)`;
