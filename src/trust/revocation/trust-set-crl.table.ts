import { bytes, identifier, instant, integer, json, nullable, text } from '../../database/column.js';
import { type RowOf, table } from '../../database/table.js';
import type { CrlDescription } from './crl-description.js';

/** A CRL that an administrator has put into a set (contract 11.5). */
export const TRUST_SET_CRLS = table(
  'trust_set_crls',
  {
    clientExtId: identifier(),
    setExtId: identifier(),
    name: identifier(),
    /** The DER of the name. */
    issuer: bytes(),
    scope: json<CrlDescription['scope']>(),
    /** Decimal: a number has up to 20 octets. */
    number: nullable(identifier()),
    /** Of a delta CRL: the number of the complete CRL that it is based on. */
    baseNumber: nullable(identifier()),
    thisUpdate: instant(),
    nextUpdate: nullable(instant()),
    /** Why it says nothing about any certificate. */
    unusable: nullable(text()),
    sha256: bytes(),
    /** Of the DER. */
    octets: integer(),
    der: bytes(),
    storedAt: instant(),
  },
  {
    primaryKey: { name: 'trust_set_crls_pk', columns: ['clientExtId', 'setExtId', 'name'] },
    foreignKeys: [
      {
        name: 'trust_set_crls_set_fk',
        columns: ['clientExtId', 'setExtId'],
        to: 'trust_anchor_sets',
        toColumns: ['clientExtId', 'extId'],
        cascades: true,
      },
    ],
  },
);

export type TrustSetCrlRow = RowOf<typeof TRUST_SET_CRLS>;
