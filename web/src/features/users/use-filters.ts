import { useSearchParams } from 'react-router';

/** Filters of a list, as they are in the address. A changed filter starts again with the first page. */
export function useFilters<Name extends string>(
  names: readonly Name[],
): {
  readonly values: Readonly<Record<Name, string>>;
  readonly isFiltered: boolean;
  readonly set: (name: Name, value: string) => void;
  readonly clear: () => void;
} {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<Name, string>;
  const change = (changed: Partial<Record<Name, string>>) => {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('page');
        for (const name of names) {
          const value = changed[name];
          if (value === '') after.delete(name);
          else if (value !== undefined) after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  };
  return {
    values,
    isFiltered: names.some((name) => values[name] !== ''),
    set: (name, value) => change({ [name]: value } as Partial<Record<Name, string>>),
    clear: () => change(Object.fromEntries(names.map((name) => [name, ''])) as Record<Name, string>),
  };
}
