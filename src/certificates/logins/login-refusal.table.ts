import { identifier, instant, text } from '../../database/column.js';
import { table } from '../../database/table.js';

/** The explanations of refused logins (contract 15.4). */
export const LOGIN_REFUSALS = table(
  'login_refusals',
  {
    clientExtId: identifier(),
    reference: identifier(),
    at: instant(),
    /** The JSON text of an ExplanationResource. No part of it is searched. */
    explanation: text(),
  },
  {
    primaryKey: { name: 'login_refusals_pk', columns: ['clientExtId', 'reference'] },
    indexes: [{ name: 'login_refusals_at', columns: ['at'] }],
    foreignKeys: [{ name: 'login_refusals_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] }],
  },
);
