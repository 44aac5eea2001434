import type { ErrorDetail } from '../common/errors.js';
import type { SentKeyStore, SentReplacement } from './key-store.model.js';

const NAME_TAKEN = { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' } as const;
const NAME_TWICE = { ...NAME_TAKEN, message: 'An earlier item has the same name.' } as const;
export const UNKNOWN = {
  code: 'errors.invalidData',
  message: 'There is no key store with this id.',
  field: 'id',
} as const;
const ID_TWICE = { ...UNKNOWN, message: 'An earlier item has the same id.' } as const;

/** Refuses every item with a name that exists in the account (`taken`) or in an earlier item. */
export function evaluateNames(items: readonly Pick<SentKeyStore, 'name'>[], taken: ReadonlySet<string>): ErrorDetail[] {
  const seen = new Set<string>();
  return items.flatMap(({ name }, index): ErrorDetail[] => {
    const refusal = taken.has(name) ? NAME_TAKEN : seen.has(name) ? NAME_TWICE : undefined;
    seen.add(name);
    return refusal === undefined ? [] : [{ ...refusal, index }];
  });
}

interface NamedRow {
  readonly id: number;
  readonly name: string;
}

/**
 * Refuses every item whose id is unknown or was used by an earlier item, or whose name another key store currently has:
 * names cannot be swapped within a request. `rows`: the key stores with an id or a name of the request.
 */
export function evaluateReplacements(
  items: readonly Pick<SentReplacement, 'id' | 'name'>[],
  rows: readonly NamedRow[],
): ErrorDetail[] {
  const ids = new Set(rows.map(({ id }) => id));
  const owners = new Map(rows.map(({ id, name }) => [name, id]));
  const seenIds = new Set<number>();
  const seenNames = new Set<string>();
  return items.flatMap(({ id, name }, index): ErrorDetail[] => {
    const refusals: Omit<ErrorDetail, 'index'>[] = [];
    if (!ids.has(id)) refusals.push(UNKNOWN);
    else if (seenIds.has(id)) refusals.push(ID_TWICE);
    if ((owners.get(name) ?? id) !== id) refusals.push(NAME_TAKEN);
    else if (seenNames.has(name)) refusals.push(NAME_TWICE);
    seenIds.add(id);
    seenNames.add(name);
    return refusals.map((refusal) => ({ ...refusal, index }));
  });
}
