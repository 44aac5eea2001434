/** The entries of a list as the server reads them: trimmed, `\` before a separator makes it part of the entry. */
export function entriesOf(list: string, separators: string): readonly string[] {
  if (list === '') return [];
  const entries: string[] = [];
  let entry = '';
  for (let at = 0; at < list.length; at += 1) {
    const character = list.charAt(at);
    const next = list.charAt(at + 1);
    if (character === '\\' && next !== '' && (next === '\\' || separators.includes(next))) {
      entry += next;
      at += 1;
    } else if (separators.includes(character)) {
      entries.push(entry.trim());
      entry = '';
    } else {
      entry += character;
    }
  }
  return [...entries, entry.trim()];
}

export function listOf(entries: readonly string[], separators: string): string {
  const [separator = ','] = separators;
  return entries.map((entry) => escaped(entry, separators)).join(separator);
}

function escaped(entry: string, separators: string): string {
  return Array.from(entry, (one) => (one === '\\' || separators.includes(one) ? `\\${one}` : one)).join('');
}
