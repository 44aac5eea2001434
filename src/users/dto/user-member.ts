import { upperCaseAscii } from '../../common/upper-case-ascii.js';
import { parseInstant } from '../../http/instant.js';
import { type MemberOptions, readAs } from '../../http/members.js';
import { isCountryCode } from './country-codes.js';

const LANGUAGES: readonly string[] = ['EN', 'DE', 'FR', 'IT'];

/** One of four languages in any case; upper case from here on. */
export function languageCode(): PropertyDecorator {
  return readAs(
    (text) => {
      const code = upperCaseAscii(text);
      return LANGUAGES.includes(code)
        ? { ok: true, value: code }
        : { ok: false, message: `languageCode must be one of ${LANGUAGES.join(', ')}.` };
    },
    { type: 'string', pattern: '^([Ee][Nn]|[Dd][Ee]|[Ff][Rr]|[Ii][Tt])$' },
    { nullable: true, example: 'EN' },
  );
}

/** A day of the Gregorian calendar, `YYYY-MM-DD`. */
export function calendarDate(options: MemberOptions): PropertyDecorator {
  return readAs(
    (text) =>
      isCalendarDate(text)
        ? { ok: true, value: text }
        : { ok: false, message: 'birthDate must be a day that there is, as YYYY-MM-DD.' },
    { type: 'string', format: 'date' },
    options,
  );
}

/** ISO 3166-1 alpha-2. */
export function countryCode(): PropertyDecorator {
  return readAs(
    (text) =>
      isCountryCode(text)
        ? { ok: true, value: text }
        : { ok: false, message: 'countryCode must be a code of ISO 3166-1 alpha-2, such as CH.' },
    { type: 'string', pattern: '^[A-Z]{2}$' },
    { nullable: true, example: 'CH' },
  );
}

/**
 * A moment, kept to the second as it is shown, so that what was read can be sent back unchanged; for the same reason its
 * year has four digits in UTC.
 */
export function moment(options: MemberOptions): PropertyDecorator {
  return readAs(
    (text) => {
      const value = parseInstant(text);
      return value === undefined || !/^\d{4}-/.test(value.toISOString())
        ? { ok: false, message: 'This must be a moment such as 2026-01-31T00:00:00Z.' }
        : { ok: true, value: new Date(Math.floor(value.getTime() / 1000) * 1000) };
    },
    { type: 'string', format: 'date-time' },
    { nullable: true, ...options },
  );
}

function isCalendarDate(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  // `Date` takes 31 February for 3 March.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}
