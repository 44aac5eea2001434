import { useState } from 'react';
import { useSearchParams } from 'react-router';

/**
 * A member of the query string for an input that writes it with every key. The address follows a little later: an input
 * that showed the value of the address would show the old one until then, and lose what is typed meanwhile.
 */
export function useSearchParam(name: string): readonly [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const inAddress = search.get(name) ?? '';
  const [value, setValue] = useState(inAddress);
  const [seen, setSeen] = useState(inAddress);
  if (inAddress !== seen) {
    setSeen(inAddress);
    setValue(inAddress);
  }
  const change = (newer: string) => {
    setValue(newer);
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (newer === '') after.delete(name);
        else after.set(name, newer);
        return after;
      },
      { replace: true },
    );
  };
  return [value, change];
}
