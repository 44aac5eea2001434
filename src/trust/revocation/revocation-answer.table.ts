import { bytes, identifier, instant, integer, nullable } from '../../database/column.js';
import { table } from '../../database/table.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';

/** A source that was asked for a client, and what it has answered last (contract 13.3). Never shared between clients. */
export const REVOCATION_ANSWERS = table(
  'revocation_answers',
  {
    clientExtId: identifier(),
    /** Of the public key of the issuer. */
    issuerKeySha256: bytes(),
    /** Of what is asked: of a CRL the URL, of OCSP also the CertID. */
    sourceSha256: bytes(),
    kind: identifier<RevocationSource['kind']>(),
    url: identifier(),
    /** The DER of the OCSP request. */
    request: nullable(bytes()),
    thisUpdate: nullable(instant()),
    /** The end of the answer, also of an OCSP response that names none. */
    nextUpdate: nullable(instant()),
    sha256: nullable(bytes()),
    /** Of the DER; 0 without one. */
    octets: integer(),
    der: nullable(bytes()),
    /** When the source last gave an answer that can be used. */
    fetchedAt: nullable(instant()),
    /** When it last gave another one than before. */
    changedAt: nullable(instant()),
    refreshAt: nullable(instant()),
    /** When a check last asked for it, to the day. */
    usedAt: instant(),
    /** Until then one server asks the source, by the clock of the database. */
    claimedUntil: nullable(instant()),
    failedUntil: nullable(instant()),
    /** In a row. */
    failures: integer(),
    failure: nullable(identifier()),
  },
  {
    primaryKey: { name: 'revocation_answers_pk', columns: ['clientExtId', 'issuerKeySha256', 'sourceSha256'] },
    indexes: [
      { name: 'revocation_answers_used', columns: ['clientExtId', 'usedAt'] },
      { name: 'revocation_answers_refresh', columns: ['refreshAt'], where: 'refresh_at is not null' },
    ],
    foreignKeys: [
      { name: 'revocation_answers_client_fk', columns: ['clientExtId'], to: 'clients', toColumns: ['extId'] },
    ],
  },
);
