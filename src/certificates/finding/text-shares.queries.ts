import { returns, type Sql, sql } from '../../database/sql.js';
import { statement } from '../../database/statement.js';
import { joinedWords } from '../../database/text-parts.js';
import type { CountedTrigram } from './rare-pieces.rules.js';

/** What a part of a text is searched in; the trigram indexes have it with joined words. */
export const TEXT_OF_CERTIFICATE = sql`(lower(c.ext_id) || E'\\n' || coalesce(c.searched_text, ''))`;

export const TEXT_OF_USER = sql`(u.login_id_folded || E'\\n' || lower(coalesce(u.email, '') collate "C"))`;

/** In rows. */
const SAMPLE = 3_000;

export const COUNT_TRIGRAMS_OF_CERTIFICATES = statement(
  'count_trigrams_of_certificates',
  countTrigrams('credentials', returns('credentials c'), TEXT_OF_CERTIFICATE),
);

export const COUNT_TRIGRAMS_OF_USERS = statement(
  'count_trigrams_of_users',
  countTrigrams('users', returns('users u'), TEXT_OF_USER),
);

/**
 * Of those that more than one of the sampled rows has. The sample is repeatable, so that all workers and servers choose the
 * same pieces, and a search that is fast is fast at each of them. The limit is for a table that has not been analyzed, of
 * which all pages are sampled.
 */
function countTrigrams(table: 'credentials' | 'users', from: Sql, text: Sql) {
  const rows = returns<unknown>(`(select greatest(reltuples, 1) from pg_class where oid = '${table}'::regclass)`);
  return sql`with sampled as materialized (select ${joinedWords(text)} as searched
      from ${from} tablesample system (least(100, 100.0 * ${SAMPLE} / ${rows})) repeatable (0) limit ${2 * SAMPLE})
    select ${returns<CountedTrigram>('trigram, count(*)::integer as count, (select count(*)::integer from sampled) as rows')}
    from sampled, unnest(show_trgm(searched)) trigram
    where trigram ~ '^[a-z0-9]{3}$' group by trigram having count(*) > 1`;
}
