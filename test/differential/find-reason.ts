import type { Implementation, KnownReason } from './known-reason.js';
import { KNOWN_REASONS } from './reason-table.js';

/** The reason that explains a disagreement over a chain with these flaws and no fewer. */
export function findReason(
  implementation: Implementation,
  theirs: KnownReason['theirs'],
  flaws: readonly string[],
): KnownReason | undefined {
  const candidates = KNOWN_REASONS.filter(
    (reason) => reason.implementation === implementation && reason.theirs === theirs,
  );
  const withoutCarriers = flaws.filter((name) => !CARRIERS.has(name));
  return (
    candidates.find((reason) => explains(reason, flaws)) ??
    candidates.find((reason) => explains(reason, withoutCarriers))
  );
}

/** They lengthen the path, so that another flaw finds its place. */
const CARRIERS: ReadonlySet<string> = new Set([
  'self-issued certificate',
  'self-issued certificate and path length 0',
  'self-issued certificate and one more, path length 0',
  'eight intermediates',
]);

function explains({ flaws, with: others }: KnownReason, found: readonly string[]): boolean {
  if (others === undefined) return found.length === 1 && found.every((name) => matches(flaws, name));
  return (
    found.length > 1 &&
    found.some((name) => matches(flaws, name) && found.every((other) => other === name || matches(others, other)))
  );
}

function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
