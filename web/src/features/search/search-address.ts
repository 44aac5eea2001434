import { consoleOf } from '../certificates/addresses.js';

/** Longer texts, such as a PEM, stay out of the address. */
const MAX_IN_ADDRESS = 500;

interface SearchTarget {
  readonly to: string;
  /** The state of the history entry. */
  readonly state: { readonly text: string } | undefined;
}

/** The page with everything that a text finds. */
export function searchTarget(clientExtId: string, text: string): SearchTarget {
  const page = `${consoleOf(clientExtId)}/search`;
  if (text.length > MAX_IN_ADDRESS) return { to: page, state: { text } };
  return { to: `${page}?${new URLSearchParams({ text }).toString()}`, state: undefined };
}

export function textOf(search: URLSearchParams, state: unknown): string {
  const fromAddress = search.get('text');
  if (fromAddress !== null) return fromAddress;
  const hasText = typeof state === 'object' && state !== null && 'text' in state && typeof state.text === 'string';
  return hasText ? (state.text as string) : '';
}
