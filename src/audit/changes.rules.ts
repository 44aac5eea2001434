import { isDeepStrictEqual } from 'node:util';

/** A member before and after a change (contract 10.3). Absent: it had, or has, no value, or the value is a secret. */
export interface ValueChange {
  readonly from?: unknown;
  readonly to?: unknown;
}

export type Changes = Readonly<Record<string, ValueChange>>;

type Members = Readonly<Record<string, unknown>>;

const MAX_CHARACTERS = 200;

/**
 * The named members with their values; of an object only what differs inside it. `before` is undefined where the
 * resource was created. Members without a value are undefined or null.
 */
export function changesOf(names: readonly string[], before: object | undefined, after: object): Changes {
  const was = (before ?? {}) as Members;
  const is = after as Members;
  return Object.fromEntries(names.map((name) => [name, changeOf(was[name], is[name])]));
}

function changeOf(was: unknown, is: unknown): ValueChange {
  const from = shown(was, is);
  const to = shown(is, was);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Undefined where there is no value. */
function shown(value: unknown, other: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return shortened(value);
  if (Array.isArray(value)) return value.map((item: unknown) => shown(item, undefined) ?? null);
  if (typeof value !== 'object') return value;
  const others = isMembers(other) ? other : {};
  const differing = Object.entries(value)
    .filter(([name, member]) => !isDeepStrictEqual(member ?? undefined, others[name] ?? undefined))
    .map(([name, member]) => [name, shown(member, others[name])] as const)
    .filter(([, member]) => member !== undefined);
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Characters are code points, so that no surrogate pair is cut in two. */
function shortened(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const characters = Array.from(text);
  return characters.length <= MAX_CHARACTERS ? text : `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
