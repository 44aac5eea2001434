/** An object of texts: a sub-object such as an address, or properties. */
export type TextMembers = Readonly<Record<string, string>>;

/** The same as sent in a request: an absent member is unchanged, `null` clears it (contract 2.5). */
export type SentTextMembers<Name extends string = string> = { readonly [Member in Name]?: string | null | undefined };

/** Contract 2.14: maximum number of properties. */
const MAX_PROPERTIES = 100;

/** The value that was sent, otherwise the current one; `null` clears. */
export function sentOr<Value>(sent: Value | null | undefined, current: Value | null): Value | null {
  return sent === undefined ? current : sent;
}

/**
 * Merges the sent members into the stored ones; `null` for the whole object clears it. The result is null if no member
 * is left.
 */
export function mergeMembers<Name extends string>(
  current: TextMembers | null,
  sent: SentTextMembers<Name> | null | undefined,
): Record<string, string> | null {
  if (sent === undefined) return current;
  const merged = new Map(sent === null ? [] : Object.entries(current ?? {}));
  for (const [name, value] of Object.entries<string | null | undefined>(sent ?? {})) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, value);
  }
  return merged.size === 0 ? null : Object.fromEntries(merged);
}

/** Like `mergeMembers`; an empty text also removes a property. */
export function mergeProperties(
  current: TextMembers | null,
  sent: SentTextMembers | null | undefined,
): Record<string, string> | null {
  if (sent === undefined || sent === null) return mergeMembers(current, sent);
  const cleared = Object.entries(sent).map(([name, value]) => [name, value === '' ? null : value] as const);
  return mergeMembers(current, Object.fromEntries(cleared));
}

export function hasTooManyProperties(properties: TextMembers | null): boolean {
  return properties !== null && Object.keys(properties).length > MAX_PROPERTIES;
}
