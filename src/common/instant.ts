const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** ISO 8601 in UTC to the second, the form of contract 2.1; years after 9999 have a sign and six digits. */
export function formatInstant(instant: Date): string {
  const year = instant.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) return `${instant.toISOString().slice(0, -5)}Z`;
  // Three times as fast, and a credential has up to nine of them.
  const month = TWO_DIGITS[instant.getUTCMonth() + 1];
  const time = `${TWO_DIGITS[instant.getUTCHours()]}:${TWO_DIGITS[instant.getUTCMinutes()]}:${TWO_DIGITS[instant.getUTCSeconds()]}`;
  return `${year}-${month}-${TWO_DIGITS[instant.getUTCDate()]}T${time}Z`;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * An instant in ISO 8601 with its offset; undefined if the text is not one, or names a day that does not exist, such as
 * 31 February.
 */
export function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) || !sameDay(text, instant) ? undefined : instant;
}

/** `Date` reads 31 February as 3 March. */
function sameDay(text: string, instant: Date): boolean {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(text);
  const minutes = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1);
  return new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, 10) === text.slice(0, 10);
}
