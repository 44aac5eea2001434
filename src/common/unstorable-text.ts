/**
 * The paths of texts (values and names) that PostgreSQL cannot store: U+0000 and unpaired surrogates, which have no
 * UTF-8 form. Works without recursion, because the caller chooses the nesting depth.
 */
export function findUnstorableText(root: Record<string, unknown>): readonly string[] {
  const found: string[] = [];
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: root, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (isUnstorable(value)) found.push(path);
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const [name, member] of Object.entries(value)) {
        // If the name itself is invalid, or the path becomes too long, the path of the parent is reported.
        const inner = isUnstorable(name) || path.length > 100 ? path : path === '' ? name : `${path}.${name}`;
        if (isUnstorable(name)) found.push(path === '' ? 'body' : path);
        waiting.push({ value: member, path: inner });
      }
    }
  }
  return [...new Set(found)].slice(0, 20);
}

function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
