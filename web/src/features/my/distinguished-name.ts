/** The common name in a distinguished name as the server writes it (contract 2.8), or the whole name without one. */
export function shownName(dn: string | undefined): string | undefined {
  if (dn === undefined || dn === '') return undefined;
  const attribute = attributesOf(dn).find((text) => text.startsWith('CN='));
  return attribute === undefined ? unescaped(dn) : unescaped(attribute.slice('CN='.length));
}

/** Split at the commas and plus signs that no backslash escapes. */
function attributesOf(dn: string): readonly string[] {
  return (dn.match(/(?:\\.|[^,+\\])+/gs) ?? []).map((text) => text.trimStart());
}

/** Consecutive escaped octets are UTF-8; any other character after a backslash is itself. */
function unescaped(text: string): string {
  return text.replaceAll(/(?:\\[0-9A-Fa-f]{2})+|\\(.)/gs, (escape: string, character: string | undefined) => {
    if (character !== undefined) return character;
    const octets = escape.match(/[0-9A-Fa-f]{2}/g) ?? [];
    return new TextDecoder().decode(Uint8Array.from(octets, (hex) => Number.parseInt(hex, 16)));
  });
}
