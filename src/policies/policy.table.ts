import { boolean, identifier, integer, json, nullable, text, uuid } from '../database/column.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';

export const POLICIES = table(
  'policies',
  {
    clientExtId: identifier(),
    extId: identifier(),
    generation: uuid(),
    policyType: identifier(),
    /** Documented as optional; policies without a name do not conflict. */
    name: nullable(identifier()),
    description: nullable(text()),
    defaultPolicy: boolean(),
    parameters: json<Readonly<Record<string, string>>>(),
    /** The parameter `trustAnchors`, for the foreign key. */
    trustSetExtId: nullable(identifier()),
    /** Raised by each change of the trust-anchor set, so that what was evaluated before is evaluated again. */
    evaluationVersion: integer(),
    ...VERSIONED,
  },
  {
    primaryKey: { name: 'policies_pk', columns: ['clientExtId', 'extId'] },
    uniques: [{ name: 'policies_name_unique', columns: ['clientExtId', 'name'] }],
    indexes: [
      {
        name: 'policies_default_unique',
        columns: ['clientExtId', 'policyType'],
        unique: true,
        where: 'default_policy',
      },
      { name: 'policies_page', columns: ['clientExtId', 'created', 'extId'] },
      {
        name: 'policies_trust_set',
        columns: ['clientExtId', 'trustSetExtId'],
        where: 'trust_set_ext_id IS NOT NULL',
      },
    ],
    foreignKeys: [
      { name: 'policies_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] },
      {
        name: 'policies_trust_set_fk',
        columns: ['clientExtId', 'trustSetExtId'],
        to: 'trust_anchor_sets',
        toColumns: ['clientExtId', 'extId'],
      },
    ],
  },
);

export type PolicyRow = RowOf<typeof POLICIES>;

/** The path parameters of a policy. */
export type PolicyPath = Pick<PolicyRow, 'clientExtId' | 'extId'>;

/** The members that P3 may change. */
export const POLICY_MEMBERS = ['name', 'description', 'defaultPolicy', 'parameters'] as const;
export type PolicyMembers = Pick<PolicyRow, (typeof POLICY_MEMBERS)[number]>;
