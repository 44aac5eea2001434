import { type Sql, sql } from './sql.js';

/** As the trigram indexes have a text: the same as `joinWords`. */
export const joinedWords = <Parameters>(text: Sql<Parameters>) => sql`replace(${text}, ' ', 'q')`;

/**
 * The index finds rows by the joined text alone, some of which do not have the part. The planner expects `is not null`
 * of nearly all rows, so that it does not multiply two estimates of the same condition.
 *
 * @param pattern - of LIKE
 */
export function hasPart<Parameters>(text: Sql, pattern: Sql<Parameters>) {
  return sql`${joinedWords(text)} like ${joinedWords(pattern)} and nullif(${text} like ${pattern}, false) is not null`;
}
