import { bigint, identifier, instant, nullable, uuid } from '../database/column.js';
import { table } from '../database/table.js';
import { DENIAL_KINDS, type DenialKind } from './denial.model.js';

/**
 * What gateways have to ask again (contract 15.8). Changes write the rows without a number, and the leader numbers those that
 * are committed. Neither table refers to the client: a change would have to lock it.
 */
export const CERTIFICATE_DENIALS = table(
  'certificate_denials',
  {
    clientExtId: identifier(),
    id: uuid(),
    at: instant(),
    kind: identifier<DenialKind>(),
    value: nullable(identifier()),
    number: nullable(bigint()),
  },
  {
    primaryKey: { name: 'certificate_denials_pk', columns: ['clientExtId', 'id'] },
    indexes: [
      {
        name: 'certificate_denials_number',
        columns: ['clientExtId', 'number'],
        unique: true,
        where: 'number is not null',
      },
      { name: 'certificate_denials_unnumbered', columns: ['at'], where: 'number is null' },
      { name: 'certificate_denials_at', columns: ['at'] },
    ],
    checks: [
      {
        name: 'certificate_denials_kind_check',
        expression: `kind in (${DENIAL_KINDS.map((kind) => `'${kind}'`).join(', ')})`,
      },
    ],
  },
);

/** One row for each client that has had a denial. */
export const DENIAL_FEEDS = table(
  'certificate_denial_feeds',
  {
    clientExtId: identifier(),
    /** The highest number given. */
    lastNumber: bigint(),
    /** The highest number of a denial that is kept no more. */
    removedNumber: bigint(),
  },
  { primaryKey: { name: 'certificate_denial_feeds_pk', columns: ['clientExtId'] } },
);
