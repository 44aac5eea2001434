/**
 * What a spreadsheet takes for the beginning of a formula, also after whitespace, and with the full-width signs that
 * some convert. Apostrophes before it count as well, so that each text can be told from all others.
 */
const FORMULA = /^'*(?:[\s\u0000]*[=+\-@＝＋－＠]|[\t\r\n])/u;

/**
 * One record of RFC 4180. Every field is quoted. An apostrophe precedes a text that a spreadsheet would evaluate: names in
 * certificates and extIds are chosen by others. A value that is absent is an empty field.
 */
export function csvRecord(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  return `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`;
}

/** The text that `csvRecord` has written as this field: without the apostrophe before a formula. */
export function csvText(field: string): string {
  return field.startsWith("'") && FORMULA.test(field.slice(1)) ? field.slice(1) : field;
}
