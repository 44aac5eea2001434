/** With a larger share of changed letters it is a different word, not a misspelt one. */
const MAX_RELATIVE_DISTANCE = 0.4;

/** The known name that was most likely meant, ignoring case; undefined if none is similar. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const longest = Math.max(name.length, candidate.length);
    // The distance is at least the difference in length, so long invalid names cost nothing.
    if (Math.abs(name.length - candidate.length) > longest * MAX_RELATIVE_DISTANCE) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance <= longest * MAX_RELATIVE_DISTANCE) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** The Levenshtein distance of two words, computed row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[line - 1] === to[column - 1];
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (row[column - 1] ?? 0) + (same ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
