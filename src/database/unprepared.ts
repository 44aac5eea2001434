import type { Search } from './searches.js';
import type { Placeholder, Sql } from './sql.js';

/** The values of filters by the names with which they were sent. */
type Filters = Readonly<Record<string, unknown>>;

/**
 * A statement for any combination of filters, planned each time. It has no name, because there are too many
 * combinations to prepare. The client is always $1, because its condition comes first.
 */
export function unprepared<Values extends { readonly filters: Filters }>(
  { parts }: Sql<Values>,
  given: Values,
): Pick<Search, 'statement' | 'values'> {
  const values: unknown[] = [];
  const bind = ({ name, group, type }: Placeholder): string => {
    const value: unknown = (group === undefined ? (given as Filters) : given.filters)[name];
    return `$${values.push(type === 'jsonb' ? JSON.stringify(value) : value)}::${type}`;
  };
  const text = parts.map((part) => (typeof part === 'string' ? part : bind(part))).join('');
  return { statement: { name: '', text }, values };
}
