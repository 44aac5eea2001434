import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { AppError, appError } from '../../common/errors.js';
import { formatInstant } from '../../common/instant.js';
import { LoginRefusals } from '../logins/login-refusals.js';
import { BY_EXT_ID, CERTIFICATE_FILTERS, PART } from './certificate-filters.js';
import { MAX_FOUND } from './certificate-lookup.queries.js';
import type { CertificateSearch } from './certificate-search.queries.js';
import { CertificateSearchService, type RowsOfSearches } from './certificate-search.service.js';
import type { LookupResource } from './lookup-resource.js';
import { recogniseText, type TextReading } from './recognise-text.rules.js';

/** F2: changes nothing. */
@Injectable()
export class CertificateLookupService {
  constructor(
    private readonly searches: CertificateSearchService,
    private readonly refusals: LoginRefusals,
  ) {}

  async lookUp(caller: Caller, clientExtId: string, text: string): Promise<LookupResource> {
    const recognised = recogniseText(text);
    if (!recognised.ok) throw appError({ code: 'errors.invalidData', message: recognised.message, field: 'text' });
    const questions = recognised.readings.map((reading) => ({ reading, search: searchOf(reading) }));
    const searches = questions.flatMap(({ search }) => search ?? []);
    const found = await this.searches.rowsTogether(clientExtId, searches);
    const isFound = [...found.values()].some((rows) => rows.length > 0);
    if (!isFound) await this.searches.requireClient(clientExtId);
    const readings: LookupResource['readings'][number][] = [];
    for (const { reading, search } of questions) {
      const { kind, value } = reading;
      const answer =
        kind === 'loginReference'
          ? await this.findRefusal(caller, clientExtId, value)
          : await this.find(caller, clientExtId, search, found);
      readings.push({ kind, value, ...answer });
    }
    return { readings };
  }

  private async findRefusal(caller: Caller, clientExtId: string, reference: string) {
    const found = await this.refusals.find(caller, clientExtId, reference);
    if (found === undefined || found === 'tooMany') return { certificates: [], more: found === 'tooMany' };
    const refusedLogin = { at: formatInstant(found.at), explanation: found.explanation };
    return { certificates: [], more: false, refusedLogin };
  }

  private async find(
    caller: Caller,
    clientExtId: string,
    search: CertificateSearch | undefined,
    found: RowsOfSearches,
  ) {
    if (search === undefined) return { certificates: [], more: false };
    try {
      const rows = found.get(search) ?? (await this.searches.rows(caller, clientExtId, search));
      const shown = rows.slice(0, MAX_FOUND).map((row) => this.searches.resource(caller, row));
      return { certificates: shown, more: rows.length > MAX_FOUND };
    } catch (error) {
      // The other readings still say something.
      const isTooSlow =
        error instanceof AppError && error.details.some(({ code }) => code === 'errors.tooManySearchResults');
      if (!isTooSlow) throw error;
      return { certificates: [], more: true };
    }
  }
}

/** Undefined if nothing can be found by such a text. */
function searchOf({ by }: TextReading): CertificateSearch | undefined {
  if (by === undefined) return undefined;
  const page = { limit: MAX_FOUND, after: undefined, countTotal: false };
  if (by.filter === 'q') {
    const part = PART.read(by.text);
    return part === undefined ? undefined : { page, filters: [], part };
  }
  const filter = by.filter === 'extId' ? BY_EXT_ID : CERTIFICATE_FILTERS[by.filter];
  const value = by.filter === 'extId' ? by.text : CERTIFICATE_FILTERS[by.filter]?.read(by.text);
  if (filter === undefined || value === undefined) return undefined;
  return { page, filters: [{ name: by.filter, filter, value }], part: undefined };
}
