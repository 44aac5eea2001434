import type { DerValue } from './der-reader.js';
import { Tag } from './tag.js';

const UTC_TIME = /^\d{12}Z$/;
const GENERALIZED_TIME = /^\d{14}Z$/;

/**
 * A time in the only form that RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2 allow for its type: with seconds, `Z`, and no
 * fraction. Undefined if it has another form or is not a valid date.
 */
export function readTime({ tag, content }: DerValue): Date | undefined {
  return parseTime(tag, content.toString('latin1'));
}

function parseTime(tag: number, text: string): Date | undefined {
  if (tag === Tag.utcTime) {
    if (!UTC_TIME.test(text)) return undefined;
    const year = Number(text.slice(0, 2));
    return utc(year < 50 ? 2000 + year : 1900 + year, text.slice(2));
  }
  if (tag !== Tag.generalizedTime || !GENERALIZED_TIME.test(text)) return undefined;
  return utc(Number(text.slice(0, 4)), text.slice(4));
}

const LENIENT_UTC_TIME = /^(\d{10})(\d\d)?(Z|[+-]\d{4})$/;
const LENIENT_GENERALIZED_TIME = /^(\d{12})(\d\d)?(?:\.\d+)?(Z|[+-]\d{4})$/;

/**
 * A time in another form of X.680 that OpenSSL accepts: without seconds, with a fraction, which is ignored, or with an
 * offset. Parsed here, because for times that OpenSSL cannot read, node:crypto returns uninitialized memory.
 */
export function readLenientTime({ tag, content }: DerValue): Date | undefined {
  const form = tag === Tag.utcTime ? LENIENT_UTC_TIME : LENIENT_GENERALIZED_TIME;
  const [, minutes, seconds = '00', zone] = form.exec(content.toString('latin1')) ?? [];
  if (minutes === undefined || zone === undefined) return undefined;
  const local = parseTime(tag, `${minutes}${seconds}Z`);
  const offset = offsetMinutes(zone);
  return local === undefined || offset === undefined ? undefined : new Date(local.getTime() - offset * 60_000);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3))];
  if (hours > 14 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -1 : 1);
}

/** `rest` is `MMDDhhmmssZ`. */
function utc(year: number, rest: string): Date | undefined {
  const part = (index: number) => Number(rest.slice(2 * index, 2 * index + 2));
  const [month, day, hours, minutes, seconds] = [part(0), part(1), part(2), part(3), part(4)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hours, minutes, seconds);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}
