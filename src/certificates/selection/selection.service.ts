import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { appError, type ErrorDetail, invalidParameter, throwAll } from '../../common/errors.js';
import type { PageStart } from '../../common/page.js';
import { texts } from '../../database/column.js';
import { isTimeout } from '../../database/database-error.js';
import { Database, type StatementRunner } from '../../database/database.js';
import { pageParameters, behind } from '../../database/paging.js';
import { Searches } from '../../database/searches.js';
import { parameter, sql } from '../../database/sql.js';
import { unprepared } from '../../database/unprepared.js';
import { CERTIFICATE_FILTERS, type FilterValues, PART } from '../finding/certificate-filters.js';
import { foundCertificates, type SentFilter } from '../finding/certificate-search.queries.js';
import { MIN_PART } from '../finding/search-values.rules.js';
import { noSuchPolicy } from './policy-changes.js';
import { FIND_CERTIFICATE_POLICY, FIND_CERTIFICATES_BY_ID } from './selection.queries.js';

/** Of one job (contract 17.2). */
const MAX_SELECTED = 100_000;

/** For one statement that selects, which may read all certificates of the client. In milliseconds. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Ids of one statement: some hundred kilobytes. */
const MAX_PAGE = 5_000;

/** Ids of selected certificates. */
interface SelectedPage {
  /** Of all pages. */
  readonly total: number;
  readonly extIds: readonly string[];
}

/** What was sent: members of the query of F1, or ids. */
export interface SentSelection {
  readonly filter?: Readonly<Record<string, string>> | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** A selection whose members have been read. */
export interface Selection {
  readonly filters: readonly SentFilter[];
  readonly part: string | undefined;
  readonly ids: readonly string[] | undefined;
}

const BY_IDS = {
  condition: sql`c.ext_id = any(${parameter<string, unknown>('ids', texts())})`,
  cost: 'few',
} as const;

/** Selects the certificates that a job is about (contract 17.1). */
@Injectable()
export class SelectionService {
  constructor(
    private readonly database: Database,
    private readonly searches: Searches,
  ) {}

  /** @throws AppError with all errors of the filter, named as members of `filter` */
  read({ filter, ids }: SentSelection): Selection {
    const errors: ErrorDetail[] = [];
    if ((filter === undefined) === (ids === undefined)) {
      errors.push(invalidParameter('filter', 'Either filter or ids must be sent, and not both.'));
    }
    const filters: SentFilter[] = ids === undefined ? [] : [{ name: 'ids', filter: BY_IDS, value: ids }];
    let part: string | undefined;
    for (const [name, sent] of Object.entries(filter ?? {})) {
      const field = `filter.${name}`;
      const known =
        name === 'q' ? PART : Object.hasOwn(CERTIFICATE_FILTERS, name) ? CERTIFICATE_FILTERS[name] : undefined;
      if (known === undefined) {
        errors.push(invalidParameter(field, `${field} is not a filter of certificates.`));
        continue;
      }
      const value = known.read(sent);
      if (value === undefined) errors.push(invalidParameter(field, `${field} must be ${expectedOf(known)}.`));
      else if (name === 'q') part = value as string;
      else filters.push({ name, filter: known as SentFilter['filter'], value });
    }
    if (filter !== undefined && Object.keys(filter).length === 0) {
      errors.push(invalidParameter('filter', 'filter must have at least one member.'));
    }
    throwAll(errors);
    return { filters, part, ids };
  }

  /**
   * The columns `created`, `user_ext_id`, `ext_id`, `generation` and `sha256` of the selected certificates, at most one more
   * than a job may have; with the values of its parameters.
   */
  rows({ filters, part }: Selection, now: Date) {
    const keys = foundCertificates(filters, part);
    const of = sql`select c.created, c.user_ext_id, c.ext_id, c.generation, c.sha256 from (${keys}) k
      join credentials c on c.client_ext_id = k.client_ext_id and c.ext_id = k.ext_id limit ${MAX_SELECTED + 1}`;
    const values: FilterValues = {
      ...Object.fromEntries(filters.map(({ name, value }) => [name, value])),
      q: part,
      now,
    };
    return { sql: of, filters: values };
  }

  /**
   * The ids of the selected certificates in the order of a job, a page at a time: a dry run of many may take minutes, and
   * needs neither all of them in memory nor a transaction meanwhile.
   *
   * @throws AppError at the first page, as `require` does
   */
  async *pages(caller: Caller, clientExtId: string, selection: Selection): AsyncGenerator<SelectedPage> {
    const selected = this.rows(selection, caller.now);
    const counting = sql`select count(*)::integer as total from (${selected.sql}) s`;
    const count = unprepared(counting, { clientExtId, filters: selected.filters });
    const total = await this.run(caller, clientExtId, async (runner) => {
      const [counted] = await runner.run<{ total: number }>(count.statement, count.values);
      await this.require(runner, clientExtId, selection, counted?.total ?? 0);
      return counted?.total ?? 0;
    });
    const ordered = sql`select s.created, s.ext_id as "extId" from (${selected.sql}) s where ${behind('s')}`;
    for (let after: PageStart | undefined; ;) {
      const page = pageParameters({ after, limit: MAX_PAGE });
      const { statement, values } = unprepared(ordered, { clientExtId, filters: selected.filters, ...page });
      const rows = await this.run(caller, clientExtId, async (runner) => {
        return await runner.run<{ created: Date; extId: string }>(statement, values);
      });
      const last = rows[MAX_PAGE - 1];
      yield { total, extIds: rows.slice(0, MAX_PAGE).map(({ extId }) => extId) };
      if (last === undefined || rows.length <= MAX_PAGE) return;
      after = { created: last.created.getTime(), extId: last.extId };
    }
  }

  /** In a transaction with its own time limit, and not many at once. */
  async run<Result>(
    caller: Caller,
    clientExtId: string,
    work: (runner: StatementRunner) => Promise<Result>,
  ): Promise<Result> {
    return await this.searches.queue.run(clientExtId, caller.signal, async () => {
      try {
        return await this.database.transaction(clientExtId, work, STATEMENT_TIMEOUT_MS);
      } catch (error) {
        if (!isTimeout(error)) throw error;
        const message = 'The selection took too long. Filter by an indexed member.';
        throw appError({ code: 'errors.tooManySearchResults', message, field: 'filter' }, { cause: error });
      }
    });
  }

  /** @throws AppError if the client has no such CertificatePolicy */
  async requirePolicy(runner: StatementRunner, clientExtId: string, policyExtId: string): Promise<void> {
    const found = await FIND_CERTIFICATE_POLICY.first(runner, { clientExtId, policyExtId });
    if (found === undefined) {
      throw appError({ ...noSuchPolicy(policyExtId), field: 'parameters.policyExtId' });
    }
  }

  /**
   * Must find every id that was sent.
   *
   * @throws AppError if there are too many certificates, or an id has none
   */
  async require(runner: StatementRunner, clientExtId: string, { ids }: Selection, total: number): Promise<void> {
    if (total > MAX_SELECTED) {
      const message = `A job has at most ${MAX_SELECTED} certificates, and this selection has more.`;
      throw appError({ code: 'errors.tooManySearchResults', message, field: 'filter' });
    }
    if (ids === undefined || total === ids.length) return;
    const found = await FIND_CERTIFICATES_BY_ID.all(runner, { clientExtId, extIds: ids });
    const known = new Set(found.map(({ extId }) => extId));
    throwAll(
      ids.flatMap((id, index) => {
        if (known.has(id)) return [];
        const message = `The client has no certificate with the extId ${id}.`;
        return [{ code: 'errors.invalidData', message, field: 'ids', index } as const];
      }),
    );
  }
}

function expectedOf(filter: typeof PART | (typeof CERTIFICATE_FILTERS)[string]): string {
  return 'expected' in filter ? filter.expected : `a text of ${MIN_PART} to 250 characters`;
}
