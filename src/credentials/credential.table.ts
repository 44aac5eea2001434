import { bytes, identifier, instant, integer, json, nullable, text, texts, uuid } from '../database/column.js';
import { SEARCH_INDEXES } from '../database/search-indexes.js';
import { type RowOf, table } from '../database/table.js';
import { VERSIONED } from '../database/versioned.js';
import type { CredentialState, Lock, StateChangeReason, StateSetBy, StoredState } from './credential-state.rules.js';
import type { RememberedRevocation } from './remembered-revocation.model.js';

/** A credential of any type; the certificate and the login counters are part of its row. */
export const CREDENTIALS = table(
  'credentials',
  {
    clientExtId: identifier(),
    extId: identifier(),
    /** Differs each time an extId is reused; identifies the history of this credential in the audit log. */
    generation: uuid(),
    userExtId: identifier(),
    policyExtId: identifier(),
    type: identifier<'Certificate' | 'Password'>(),
    state: identifier<StoredState>(),
    stateSetBy: identifier<StateSetBy>(),
    reason: identifier<StateChangeReason>(),
    detail: nullable(text()),
    comment: nullable(text()),
    validFrom: nullable(instant()),
    validTo: nullable(instant()),
    properties: nullable(json<Readonly<Record<string, string>>>()),
    der: nullable(bytes()),
    sha256: nullable(bytes()),
    sha1: nullable(bytes()),
    subjectDn: nullable(identifier()),
    issuerDn: nullable(identifier()),
    serial: nullable(identifier()),
    ski: nullable(bytes()),
    notBefore: nullable(instant()),
    notAfter: nullable(instant()),
    keyType: nullable(identifier()),
    publicKeySha256: nullable(bytes()),
    signatureAlgorithm: nullable(identifier()),
    subjectAlternativeNames: nullable(texts()),
    keyUsage: nullable(texts()),
    extendedKeyUsage: nullable(texts()),
    authorityKeyIdentifier: nullable(bytes()),
    /** The SHA-256 of the certificate that the search columns describe; null or another one where they are to be written. */
    describedSha256: nullable(bytes()),
    /** Digests of the comparable forms of the names (RFC 5280 section 7.1), which may be longer than an index entry. */
    subjectNameSha256: nullable(bytes()),
    issuerNameSha256: nullable(bytes()),
    /** Folded: what a part of a name or a number is searched in. */
    searchedText: nullable(identifier()),
    successes: integer(),
    failures: integer(),
    failuresSinceLock: integer(),
    lastSuccess: nullable(instant()),
    lastFailure: nullable(instant()),
    lock: nullable(identifier<Lock>()),
    lockReason: nullable(identifier<StateChangeReason>()),
    lockedUntil: nullable(instant()),
    /** Of a certificate that the background check has disabled (contract 13.4). */
    revocation: nullable(json<RememberedRevocation>()),
    /** The extId of the newer credential that ends this one, and when (contract 15.6). */
    replacedBy: nullable(identifier()),
    disabledOn: nullable(instant()),
    ...VERSIONED,
  },
  {
    primaryKey: { name: 'credentials_pk', columns: ['clientExtId', 'extId'] },
    indexes: [
      {
        name: 'credentials_certificate_unique',
        columns: ['clientExtId', 'sha256'],
        unique: true,
        where: `type = 'Certificate'`,
      },
      { name: 'credentials_page', columns: ['clientExtId', 'userExtId', 'created', 'extId'] },
      { name: 'credentials_policy', columns: ['clientExtId', 'policyExtId'] },
    ],
    otherIndexes: SEARCH_INDEXES.map(({ name }) => name).filter((name) => name.startsWith('credentials_')),
    foreignKeys: [
      {
        name: 'credentials_user_fk',
        columns: ['clientExtId', 'userExtId'],
        to: 'users',
        toColumns: ['clientExtId', 'extId'],
      },
      {
        name: 'credentials_policy_fk',
        columns: ['clientExtId', 'policyExtId'],
        to: 'policies',
        toColumns: ['clientExtId', 'extId'],
      },
    ],
    checks: [
      {
        name: 'credentials_state_check',
        expression: `state in ('initial', 'active', 'reset-code', 'admin-changed', 'disabled', 'archived')`,
      },
      {
        name: 'credentials_state_set_by_check',
        expression: `state_set_by in ('owner', 'ownerOutOfLock', 'administrator', 'policy', 'policyOverLock', 'policyOverResetCode')`,
      },
      { name: 'credentials_lock_check', expression: `lock in ('tmp-locked', 'fail-locked')` },
      {
        name: 'credentials_certificate_check',
        expression: `type <> 'Certificate' or (der is not null and sha256 is not null and sha1 is not null)`,
      },
    ],
  },
);

type Row = RowOf<typeof CREDENTIALS>;

/** The columns of a credential of any type that responses and decisions need. */
export const CREDENTIAL_COLUMNS = [
  'extId',
  'userExtId',
  'policyExtId',
  'generation',
  'state',
  'stateSetBy',
  'reason',
  'detail',
  'comment',
  'validFrom',
  'validTo',
  'properties',
  'successes',
  'failures',
  'failuresSinceLock',
  'lastSuccess',
  'lastFailure',
  'lock',
  'lockReason',
  'lockedUntil',
  'replacedBy',
  'disabledOn',
  'version',
  'created',
  'lastModified',
] as const satisfies readonly (keyof Row)[];

export type CredentialRow = Pick<Row, (typeof CREDENTIAL_COLUMNS)[number]>;

/** The additional columns of a certificate that responses and decisions need. */
export const CERTIFICATE_COLUMNS = [
  'der',
  'sha256',
  'sha1',
  'subjectDn',
  'issuerDn',
  'serial',
  'ski',
] as const satisfies readonly (keyof Row)[];

/** The columns of a certificate that are searched and returned. */
export const SHOWN_SEARCH_COLUMNS = [
  'keyType',
  'publicKeySha256',
  'signatureAlgorithm',
  'subjectAlternativeNames',
  'keyUsage',
  'extendedKeyUsage',
  'authorityKeyIdentifier',
  'describedSha256',
] as const satisfies readonly (keyof Row)[];

export type ShownSearchColumns = Pick<Row, (typeof SHOWN_SEARCH_COLUMNS)[number]>;

/** All columns of a certificate that are searched, some of them only searched. */
export const SEARCH_COLUMNS = [
  ...SHOWN_SEARCH_COLUMNS,
  'subjectNameSha256',
  'issuerNameSha256',
  'searchedText',
] as const satisfies readonly (keyof Row)[];

export type SearchColumns = Pick<Row, (typeof SEARCH_COLUMNS)[number]>;

/** A certificate always has a DER and digests: `credentials_certificate_check`. */
export type CertificateRow = CredentialRow &
  ShownSearchColumns &
  Pick<Row, (typeof CERTIFICATE_COLUMNS)[number]> & {
    readonly der: Buffer;
    readonly sha256: Buffer;
    readonly sha1: Buffer;
  };

/** The columns that every change may set. */
export const STATE_COLUMNS = [
  'state',
  'stateSetBy',
  'reason',
  'detail',
  'comment',
  'lock',
  'lockReason',
  'lockedUntil',
  'replacedBy',
  'disabledOn',
] as const satisfies readonly (keyof Row)[];

/** The columns that administration sets for a credential of any type, apart from its secret. */
export type AdministeredColumns = CredentialState & Pick<Row, 'comment' | 'validFrom' | 'validTo'>;
