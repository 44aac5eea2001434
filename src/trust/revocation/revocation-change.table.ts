import { identifier, instant } from '../../database/column.js';
import { table } from '../../database/table.js';

/**
 * When the evidence of a client has last changed. Whoever changes it locks the row, so that of two changes the later one
 * has the later time.
 */
export const REVOCATION_CHANGES = table(
  'revocation_changes',
  { clientExtId: identifier(), changedAt: instant() },
  {
    primaryKey: { name: 'revocation_changes_pk', columns: ['clientExtId'] },
    foreignKeys: [
      { name: 'revocation_changes_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] },
    ],
  },
);
