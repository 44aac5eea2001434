/** Control, format (bidirectional ones among them), separator, private-use and unassigned characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** Most text is plain ASCII, and this test is much faster than testing the category of each character. */
const PLAIN = /^[ -~]*$/;

/** Maximum length of text from a certificate or a request in an error, an outcome or a log line. */
const LONGEST = 250;

/**
 * Makes untrusted text safe to show. Characters that could move a terminal's cursor, forge a log line or change the
 * reading direction are replaced by `\` and their UTF-8 bytes in hex. The result has at most 250 characters; a longer
 * text ends in `…`. A name that is already escaped as in RFC 4514 stays unchanged.
 */
export function printable(text: string, longest: number = LONGEST): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  // Each character produces at least one of output, so the rest is never shown and need not be escaped.
  const head = text.slice(0, longest + 1).toWellFormed();
  return shortened(head.replace(UNPRINTABLE, escaped), longest);
}

function escaped(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '\\$&');
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
