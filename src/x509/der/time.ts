import type { DerValue } from './der-reader.js';
import { Tag } from './tag.js';

const UTC_TIME = /^\d{12}Z$/;
const GENERALIZED_TIME = /^\d{14}Z$/;

/**
 * A time in the one form that RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2 allow for its type: seconds, `Z`, no fraction.
 * Undefined where it has another form or is no date of the calendar.
 */
export function readTime(value: DerValue): Date | undefined {
  const text = value.content.toString('latin1');
  if (value.tag === Tag.utcTime) {
    if (!UTC_TIME.test(text)) return undefined;
    const year = Number(text.slice(0, 2));
    return utc(year < 50 ? 2000 + year : 1900 + year, text.slice(2));
  }
  if (value.tag !== Tag.generalizedTime || !GENERALIZED_TIME.test(text)) return undefined;
  return utc(Number(text.slice(0, 4)), text.slice(4));
}

/** `rest` is `MMDDhhmmssZ`. */
function utc(year: number, rest: string): Date | undefined {
  const part = (index: number) => Number(rest.slice(2 * index, 2 * index + 2));
  const [month, day, hours, minutes, seconds] = [part(0), part(1), part(2), part(3), part(4)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hours, minutes, seconds);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}
