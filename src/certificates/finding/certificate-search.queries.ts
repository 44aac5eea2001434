import type { PageRequest } from '../../common/page.js';
import { CREDENTIALS } from '../../credentials/credential.table.js';
import { identifier } from '../../database/column.js';
import { pageOfRows } from '../../database/page-rows.js';
import { before, behind, behindOf, pageParameters } from '../../database/paging.js';
import type { Search } from '../../database/searches.js';
import { grouped, joined, parameter, type Sql, sql } from '../../database/sql.js';
import { shortRead, statement } from '../../database/statement.js';
import { hasPart, joinedWords } from '../../database/text-parts.js';
import { unprepared } from '../../database/unprepared.js';
import { EFFECTIVE_STATE } from '../certificate-list.queries.js';
import { CERTIFICATE, credentialOctets } from '../certificate.queries.js';
import { CERTIFICATE_FILTERS, type CertificateFilter, type FilterValues, PART } from './certificate-filters.js';
import { rarePieces, type TrigramShares } from './rare-pieces.rules.js';
import { TEXT_OF_CERTIFICATE, TEXT_OF_USER } from './text-shares.queries.js';

/** A filter with its value. */
export interface SentFilter {
  readonly name: string;
  readonly filter: Pick<CertificateFilter, 'condition' | 'cost' | 'indexed'>;
  readonly value: unknown;
}

/** The query of F1. */
export interface CertificateSearch {
  readonly page: PageRequest;
  readonly filters: readonly SentFilter[];
  /** A pattern of LIKE; the newest come first then (contract 16.2). */
  readonly part: string | undefined;
}

export const FIND_CLIENT_OF_CERTIFICATES = shortRead(
  'find_client_of_certificates',
  sql`select 1 from clients where ext_id = ${CREDENTIALS.parameters.clientExtId} and deleted_at is null`,
);

type Filters = readonly Pick<SentFilter, 'name' | 'filter'>[];

/** The parameters of SQL that is made of filters. */
export type Grouped = Readonly<Record<'filters', FilterValues>>;

const OF_CLIENT = sql`${CREDENTIALS.matches('c', ['clientExtId'])} and c.type = 'Certificate'`;
const LISTED = sql`select ${CERTIFICATE}, ${credentialOctets('c')}`;

/** The prepared statements of searches whose pages an index has in order, by the name of the filter. */
const PREPARED = new Map(
  [[], ...Object.entries(CERTIFICATE_FILTERS).map(([name, filter]) => [{ name, filter }])]
    .filter((filters) => filters.every(({ filter }) => filter.cost === 'page'))
    .map((filters) => {
      const by = filters.map(({ name }) => `_by_${name}`).join('');
      return [keyOf(filters), statement(`search_certificates${by}`, pageByFilters(filters))] as const;
    }),
);

/** What a server knows about the database that it searches. */
export interface SearchKnowledge {
  /** Whether all indexes have been built; until then, every search has a time limit. */
  readonly hasIndexes: boolean;
  /** Where they are unknown, every trigram of a part is searched. */
  readonly shares: Readonly<Record<'certificates' | 'users', TrigramShares | undefined>>;
}

export function searchStatement(
  clientExtId: string,
  { page, filters, part }: CertificateSearch,
  now: Date,
  { hasIndexes, shares }: SearchKnowledge,
): Search {
  const common = valuesOf(filters, part, now);
  const limited = !hasIndexes || part !== undefined || isLimited(filters);
  if (part !== undefined) {
    const pieces = {
      ofCertificate: shares.certificates && rarePieces(part, shares.certificates),
      ofUser: shares.users && rarePieces(part, shares.users),
    };
    const values = { clientExtId, filters: { ...common, ...pieces }, ...pageParameters(page) };
    return { ...unprepared(pageByPart(filters, pieces), values), limited };
  }
  const values = { clientExtId, filters: common, ...pageParameters(page) };
  const prepared = PREPARED.get(keyOf(filters));
  if (prepared === undefined) return { ...unprepared(pageByFilters(filters), values), limited };
  return { statement: prepared, values: prepared.values(values), limited };
}

/** A count reads all rows that it counts, so that it always has a time limit. */
export function countStatement(clientExtId: string, { filters, part }: CertificateSearch, now: Date): Search {
  const values = { clientExtId, filters: valuesOf(filters, part, now) };
  const found = foundCertificates(filters, part);
  return { ...unprepared(sql`select count(*)::integer as total from (${found}) found`, values), limited: true };
}

/** All of them, those of a state, or those of a policy. */
export interface CountedCertificates {
  readonly stateName: string | null;
  readonly policyExtId: string | null;
  readonly certificates: number;
  readonly users: number;
  readonly neverUsed: number;
  readonly lastUsed: Date | null;
}

/** All, then each state and each policy with the most certificates first. Reads all rows, as a count does. */
export function summaryStatement(
  clientExtId: string,
  { filters, part }: Omit<CertificateSearch, 'page'>,
  now: Date,
  maxGroups: number,
): Search {
  const values = { clientExtId, filters: valuesOf(filters, part, now) };
  const summary = sql`select state as "stateName", policy_ext_id as "policyExtId", count(*)::integer as certificates,
      count(distinct user_ext_id)::integer as users, (count(*) - count(last_success))::integer as "neverUsed",
      max(last_success) as "lastUsed"
    from (${foundCertificates(filters, part, COUNTED)}) found
    group by grouping sets ((), (state), (policy_ext_id))
    order by grouping(policy_ext_id) desc, grouping(state) desc, certificates desc, state, policy_ext_id limit ${maxGroups}`;
  return { ...unprepared(summary, values), limited: true };
}

/** The keys of the certificates that are found, in no order. */
export function foundCertificates(filters: Filters, part: string | undefined, columns: Sql<Grouped> = FOUND) {
  if (part !== undefined) return unionOf(filters, columns);
  return sql`select ${columns} from credentials c where ${conditions(filters)}`;
}

/** Several filters may each select many rows and together none; a filter that selects few rows makes them cheap. */
function isLimited(filters: readonly SentFilter[]): boolean {
  if (filters.some(({ filter }) => filter.cost === 'few')) return false;
  return filters.length > 1 || filters.some(({ filter }) => filter.cost !== 'page');
}

export function pageByFilters(filters: Filters) {
  if (filters.some(({ filter }) => filter.cost === 'gathered')) return pageOfGathered(filters);
  const [indexed, ...others] = filters.map(({ filter }) => filter.indexed);
  if (indexed === undefined || others.length > 0) return pageOf(conditions(filters), behind('c'));
  const { column, value, whole } = indexed;
  return pageOf(
    sql`${OF_CLIENT}${whole === undefined ? sql`` : grouped('filters', sql` and ${whole}`)}`,
    behindOf('c', column, grouped('filters', value)),
  );
}

function pageOf<Selected, Page>(selected: Sql<Selected>, page: Sql<Page>) {
  return pageOfRows(sql`${LISTED} from credentials c where ${selected} and ${page}`);
}

/** `offset 0` keeps the order and the limit of the page out of the plan that finds the rows. */
function pageOfGathered(filters: Filters) {
  const gathered = sql`select * from credentials c where ${conditions(filters)} offset 0`;
  return pageOfRows(sql`${LISTED} from (${gathered}) c where ${behind('c')}`);
}

/**
 * Found by the text of the certificate, or by the user. Each half has a plan of its own, and at most a page of keys; only
 * then are the rows read.
 */
function pageByPart(filters: Filters, pieces: Pieces) {
  const found = unionOf(filters, FOUND, pieces, sql` and ${before('c')}`);
  return pageOfRows(sql`${LISTED} from (${found}) found
    join credentials c on c.client_ext_id = found.client_ext_id and c.ext_id = found.ext_id
    where ${before('c')}`);
}

const FOUND: Sql<Grouped> = sql`c.client_ext_id, c.ext_id, c.created` as Sql<Grouped>;
const COUNTED = sql`${FOUND}, c.user_ext_id, c.policy_ext_id, c.last_success,
  ${grouped('filters', EFFECTIVE_STATE as Sql<FilterValues>)} as state`;

/** Patterns of `rarePieces`. */
type Pieces = Readonly<Record<'ofCertificate' | 'ofUser', string | undefined>>;

const WHOLE_PART: Pieces = { ofCertificate: undefined, ofUser: undefined };

function unionOf<Page>(
  filters: Filters,
  columns: Sql<Grouped>,
  pieces: Pieces = WHOLE_PART,
  page: Sql<Page> = sql`` as Sql<Page>,
) {
  return sql`(select ${columns} from credentials c
      where ${conditions(filters)} and ${hasPieces(TEXT_OF_CERTIFICATE, 'ofCertificate', pieces)}${page})
    union
    (select ${columns} from users u
      join credentials c on c.client_ext_id = u.client_ext_id and c.user_ext_id = u.ext_id
      where ${conditions(filters)} and u.client_ext_id = ${CREDENTIALS.parameters.clientExtId}
        and ${hasPieces(TEXT_OF_USER, 'ofUser', pieces)}${page})`;
}

/**
 * The index finds rows by the pieces alone: it does not serve `is true`. The planner has to estimate both conditions: of rows
 * with frequent pieces, few may have the part, and to read the newest until a page is full would be to read all of them.
 */
function hasPieces(text: Sql, name: keyof Pieces, pieces: Pieces) {
  const pattern = grouped('filters', PART.condition);
  if (pieces[name] === undefined) return hasPart(text, pattern);
  return sql`${joinedWords(text)} like ${patternOf(name)} and (${text} like ${pattern}) is true`;
}

const patternOf = (name: keyof Pieces) => grouped('filters', parameter<string, unknown>(name, identifier()));

function conditions(filters: Filters) {
  const each = filters.map(({ filter }) => sql` and ${filter.condition}`);
  return sql`${OF_CLIENT}${grouped('filters', joined<FilterValues, unknown>(each, ''))}`;
}

function keyOf(filters: Filters): string {
  return filters.map(({ name }) => name).join(' ');
}

function valuesOf(filters: readonly SentFilter[], part: string | undefined, now: Date): FilterValues {
  return { ...Object.fromEntries(filters.map(({ name, value }) => [name, value])), q: part, now };
}
