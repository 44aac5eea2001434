import type { Name } from './name.js';

/** Equal keys mean equal names in the sense of RFC 5280 section 7.1. The key of a name begins with that of a subtree. */
export function nameKey(name: Name): string {
  return name.der.toString('hex');
}

/** RFC 5280 section 7.1: whether `name` is `subtree` or lies within it. */
export function isWithinSubtree(name: Name, subtree: Name): boolean {
  return nameKey(name).startsWith(nameKey(subtree));
}
