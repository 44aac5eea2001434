import { parseInstant } from '../../common/instant.js';
import { STATE_CHANGE_REASONS, STATE_NAMES } from '../../credentials/credential-state.rules.js';
import { bytes, type Column, identifier, instant, texts } from '../../database/column.js';
import { parameter, returns, type Sql, sql } from '../../database/sql.js';
import { EXTERNAL_ID_SCHEMA } from '../../http/openapi/schemas.js';
import { EFFECTIVE_REASON, EFFECTIVE_STATE } from '../certificate-list.queries.js';
import {
  readAlternativeName,
  readDigest,
  readExternalId,
  readHex,
  readKeyPurpose,
  readNameDigest,
  readPart,
  readSerial,
} from './search-values.rules.js';

interface ValueSchema {
  readonly type: 'string';
  readonly format?: string;
  readonly enum?: string[];
  readonly minLength?: number;
}

/** The values of filters by their names, and `now`. */
export type FilterValues = Readonly<Record<string, unknown>>;

/**
 * What a search with this filter alone costs. `page`: an index has the rows of the value in the order of the pages, so
 * that a page costs the same at any depth. `few`: it selects few rows, so that it makes other filters cheap. `some`: an
 * index finds the rows, which are then sorted. `gathered`: likewise, and other filters come after it, because the planner
 * overestimates the number of its rows. `all`: no index.
 */
type Cost = 'page' | 'few' | 'some' | 'gathered' | 'all';

/** What an index has in front of the order of the pages. */
interface Indexed {
  readonly column: Sql;
  readonly value: Sql<FilterValues>;
  /** Where the index has only the start of a value. */
  readonly whole?: Sql<FilterValues>;
}

/** A filter of F1 (contract 16.1). */
export interface CertificateFilter {
  /** Of a filter by equality whose pages an index has in order. */
  readonly indexed?: Indexed;
  /** The condition on `c`; the parameter with the name of the filter is its value. */
  readonly condition: Sql<FilterValues>;
  readonly cost: Cost;
  /** Undefined if the text is not a value of the filter. */
  readonly read: (text: string) => unknown;
  readonly schema: ValueSchema;
  readonly description: string;
  /** What the value must be, for the message about one that is not. */
  readonly expected: string;
}

const TEXT: ValueSchema = { type: 'string' };
const TIME: ValueSchema = { type: 'string', format: 'date-time' };

const value = (name: string, column: Column): Sql<FilterValues> => parameter<string, unknown>(name, column);
const text = (name: string) => value(name, identifier());
const octets = (name: string) => value(name, bytes());
const time = (name: string) => value(name, instant());

function equality(column: string, sent: Sql<FilterValues>): Pick<CertificateFilter, 'condition' | 'indexed'> {
  const indexed = { column: returns<unknown>(`c.${column}`), value: sent };
  return { condition: sql`${indexed.column} = ${sent}`, indexed };
}

/** An index of values without a limit has their first 64 octets or characters. */
function equalityOfStart(
  column: Sql,
  sent: Sql<FilterValues>,
  startOf: (text: Sql<FilterValues>) => Sql<FilterValues>,
): Pick<CertificateFilter, 'condition' | 'indexed'> {
  const indexed = { column: startOf(column) as Sql, value: startOf(sent), whole: sql`${column} = ${sent}` };
  return { condition: sql`${indexed.column} = ${indexed.value} and ${indexed.whole}`, indexed };
}

const firstOctets = (of: Sql<FilterValues>) => sql`substring(${of}, 1, 64)`;
const firstCharacters = (of: Sql<FilterValues>) => sql`left(${of}, 64)`;

const SERIAL = returns<unknown>(`ltrim(c.serial, '0')`);

const DIGEST = 'a digest in hex';
const KEY_IDENTIFIER = 'octets in hex';
const NAME = 'a distinguished name such as CN=Jane Doe,O=Acme AG';
const HEX = 'Hex in any case, with or without colons.';
const BUDGET = 'Not indexed: the search may take at most two seconds.';
const WHOLE_NAME =
  'The whole name, as in the credential. Case and repeated spaces do not matter (RFC 5280 section 7.1).';

const asText = (sent: string): string | undefined => (sent === '' ? undefined : sent);
const oneOf =
  (values: readonly string[]) =>
  (sent: string): string | undefined =>
    values.includes(sent) ? sent : undefined;

/** `q` is not among them, because it is a search of its own. */
export const CERTIFICATE_FILTERS: Readonly<Record<string, CertificateFilter>> = {
  policyExtId: {
    ...equality('policy_ext_id', text('policyExtId')),
    cost: 'page',
    read: readExternalId,
    schema: EXTERNAL_ID_SCHEMA,
    description: 'The policy of the credential.',
    expected: 'an extId',
  },
  userExtId: {
    ...equality('user_ext_id', text('userExtId')),
    cost: 'few',
    read: readExternalId,
    schema: EXTERNAL_ID_SCHEMA,
    description: 'The user of the credential.',
    expected: 'an extId',
  },
  issuerDN: {
    ...equality('issuer_name_sha256', octets('issuerDN')),
    cost: 'page',
    read: readNameDigest,
    schema: TEXT,
    description: WHOLE_NAME,
    expected: NAME,
  },
  subjectDN: {
    ...equality('subject_name_sha256', octets('subjectDN')),
    cost: 'page',
    read: readNameDigest,
    schema: TEXT,
    description: WHOLE_NAME,
    expected: NAME,
  },
  serial: {
    ...equalityOfStart(SERIAL, text('serial'), firstCharacters),
    cost: 'page',
    read: readSerial,
    schema: TEXT,
    description: `${HEX} Leading zeros do not matter. A decimal number begins with \`dec:\`.`,
    expected: 'a number in hex, or dec: and a decimal number',
  },
  fingerprint: {
    condition: sql`(c.sha256 = ${octets('fingerprint')} or c.sha1 = ${octets('fingerprint')})`,
    cost: 'few',
    read: (sent) => readDigest(sent, 20, 32),
    schema: TEXT,
    description: `SHA-256 or SHA-1 of the certificate. ${HEX}`,
    expected: `SHA-256 or SHA-1: ${DIGEST}`,
  },
  subjectKeyIdentifier: {
    ...equalityOfStart(returns('c.ski'), octets('subjectKeyIdentifier'), firstOctets),
    cost: 'page',
    read: readHex,
    schema: TEXT,
    description: HEX,
    expected: KEY_IDENTIFIER,
  },
  authorityKeyIdentifier: {
    ...equalityOfStart(returns('c.authority_key_identifier'), octets('authorityKeyIdentifier'), firstOctets),
    cost: 'page',
    read: readHex,
    schema: TEXT,
    description: `The key identifier of the issuer. ${HEX}`,
    expected: KEY_IDENTIFIER,
  },
  publicKeySha256: {
    ...equality('public_key_sha256', octets('publicKeySha256')),
    cost: 'page',
    read: (sent) => readDigest(sent, 32),
    schema: TEXT,
    description: `Digest of the subjectPublicKeyInfo: all certificates of one key. ${HEX}`,
    expected: `SHA-256: ${DIGEST}`,
  },
  san: {
    condition: sql`c.subject_alternative_names && ${value('san', texts())}`,
    cost: 'gathered',
    read: readAlternativeName,
    schema: TEXT,
    description:
      'A whole subject alternative name in any case, such as `email:jane@acme.test`; without the type, a name of any type.',
    expected: 'a name',
  },
  keyType: {
    ...equality('key_type', text('keyType')),
    cost: 'page',
    read: asText,
    schema: TEXT,
    description: 'As the policy parameter `keyTypes` spells it, such as `EC:P-256`.',
    expected: 'a key type such as RSA:2048',
  },
  signatureAlgorithm: {
    ...equality('signature_algorithm', text('signatureAlgorithm')),
    cost: 'page',
    read: asText,
    schema: TEXT,
    description: "OpenSSL's name such as `sha256WithRSAEncryption`, or the OID.",
    expected: 'the name of an algorithm',
  },
  extendedKeyUsage: {
    condition: sql`c.extended_key_usage @> array[${text('extendedKeyUsage')}]`,
    cost: 'some',
    read: readKeyPurpose,
    schema: TEXT,
    description: 'An OID, or a name such as `clientAuth`.',
    expected: 'an OID, or a name such as clientAuth',
  },
  expiresBefore: {
    condition: sql`c.valid_to < ${time('expiresBefore')}`,
    cost: 'some',
    read: parseInstant,
    schema: TIME,
    description: 'Only credentials whose validity ends before this instant.',
    expected: 'a date and time such as 2026-01-31T00:00:00Z',
  },
  expiresAfter: {
    condition: sql`c.valid_to > ${time('expiresAfter')}`,
    cost: 'some',
    read: parseInstant,
    schema: TIME,
    description: 'Only credentials whose validity ends after this instant.',
    expected: 'a date and time such as 2026-01-31T00:00:00Z',
  },
  unusedSince: {
    condition: sql`coalesce(c.last_success, c.created) < ${time('unusedSince')}`,
    cost: 'all',
    read: parseInstant,
    schema: TIME,
    description: `Only credentials that were registered and last used before this instant. ${BUDGET}`,
    expected: 'a date and time such as 2026-01-31T00:00:00Z',
  },
  stateName: {
    condition: sql`${EFFECTIVE_STATE as Sql<FilterValues>} = ${text('stateName')}`,
    cost: 'all',
    read: oneOf(STATE_NAMES),
    schema: { type: 'string', enum: [...STATE_NAMES] },
    description: `The current state. A temporary lock that has ended does not count. ${BUDGET}`,
    expected: `one of ${STATE_NAMES.join(', ')}`,
  },
  reason: {
    condition: sql`${EFFECTIVE_REASON as Sql<FilterValues>} = ${text('reason')}`,
    cost: 'all',
    read: oneOf(STATE_CHANGE_REASONS),
    schema: { type: 'string', enum: [...STATE_CHANGE_REASONS] },
    description: `The reason of the current state. ${BUDGET}`,
    expected: `one of ${STATE_CHANGE_REASONS.join(', ')}`,
  },
};

/** Of a lookup only; F1 does not accept it (contract 16.3). */
export const BY_EXT_ID: Pick<CertificateFilter, 'condition' | 'cost'> = {
  condition: sql`c.ext_id = ${text('extId')}`,
  cost: 'few',
};

/** The value of `q` (contract 16.2). */
export const PART = { condition: text('q'), read: readPart } as const;
