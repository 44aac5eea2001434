/** Control, format (bidirectional ones among them), separator, private-use and unassigned characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** Most text is; asking so costs a fraction of asking each character for its category. */
const PLAIN = /^[ -~]*$/;

/** The longest text that an error, an outcome or a log line takes over from a certificate or a request. */
const LONGEST = 250;

/**
 * Foreign text made safe to show: what could move a terminal's cursor, forge a log line or turn the reading direction
 * stands as `\` and its UTF-8 bytes in hex. At most 250 characters; a longer text ends in `…`. A name that RFC 4514's
 * escapes have been through stays as it is.
 */
export function printable(text: string, longest: number = LONGEST): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  // Each character gives at least one of output: what is beyond can never show, and need not be escaped.
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
