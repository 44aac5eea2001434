import { byteStrings, identifier, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

export const TRUST_SETS = table(
  'trust_anchor_sets',
  {
    clientExtId: identifier(),
    extId: identifier(),
    generation: uuid(),
    name: identifier(),
    description: nullable(text()),
    /** The DER of each certificate, in the order in which they were sent. */
    anchors: byteStrings(),
    intermediates: byteStrings(),
    ...VERSIONED,
  },
  {
    primaryKey: { name: 'trust_anchor_sets_pk', columns: ['clientExtId', 'extId'] },
    uniques: [{ name: 'trust_anchor_sets_name_unique', columns: ['clientExtId', 'name'] }],
    indexes: [{ name: 'trust_anchor_sets_page', columns: ['clientExtId', 'created', 'extId'] }],
    foreignKeys: [
      { name: 'trust_anchor_sets_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] },
    ],
  },
);

export type TrustSetRow = RowOf<typeof TRUST_SETS>;

/** The path parameters of a set. */
export type TrustSetPath = Pick<TrustSetRow, 'clientExtId' | 'extId'>;

/** The members that G4 may change. */
export const TRUST_SET_MEMBERS = ['name', 'description', 'anchors', 'intermediates'] as const;
export type TrustSetMembers = Pick<TrustSetRow, (typeof TRUST_SET_MEMBERS)[number]>;
