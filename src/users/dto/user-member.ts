import { parseInstant } from '../../common/instant.js';
import { upperCaseAscii } from '../../common/upper-case-ascii.js';
import { type MemberOptions, type MemberReader, readAs } from '../../http/members.js';
import { LANGUAGES } from '../user.model.js';
import { isCountryCode } from './country-codes.js';

/** One of four languages, in upper or lower case; stored in upper case. */
export const readLanguageCode: MemberReader<string> = (text) => {
  const code = upperCaseAscii(text);
  return LANGUAGES.includes(code)
    ? { ok: true, value: code }
    : { ok: false, message: `languageCode must be one of ${LANGUAGES.join(', ')}.` };
};

/** A day of the Gregorian calendar, `YYYY-MM-DD`. */
export const readCalendarDate: MemberReader<string> = (text) =>
  isCalendarDate(text)
    ? { ok: true, value: text }
    : { ok: false, message: 'birthDate must be an existing date in the form YYYY-MM-DD.' };

/** ISO 3166-1 alpha-2. */
export const readCountryCode: MemberReader<string> = (text) =>
  isCountryCode(text)
    ? { ok: true, value: text }
    : { ok: false, message: 'countryCode must be a code of ISO 3166-1 alpha-2, such as CH.' };

export const LANGUAGE_CODE_SCHEMA = { type: 'string', pattern: '^([Ee][Nn]|[Dd][Ee]|[Ff][Rr]|[Ii][Tt])$' } as const;
export const CALENDAR_DATE_SCHEMA = { type: 'string', format: 'date' } as const;
export const COUNTRY_CODE_SCHEMA = { type: 'string', pattern: '^[A-Z]{2}$' } as const;

export function languageCode(): PropertyDecorator {
  return readAs(readLanguageCode, LANGUAGE_CODE_SCHEMA, { nullable: true, example: 'EN' });
}

export function calendarDate(options: MemberOptions): PropertyDecorator {
  return readAs(readCalendarDate, CALENDAR_DATE_SCHEMA, options);
}

export function countryCode(): PropertyDecorator {
  return readAs(readCountryCode, COUNTRY_CODE_SCHEMA, { nullable: true, example: 'CH' });
}

/**
 * An instant, stored in seconds as it is returned, so that a value that was read can be sent back unchanged. For the
 * same reason, its year has four digits in UTC.
 */
export function instant(options: MemberOptions): PropertyDecorator {
  return readAs(
    (text) => {
      const value = parseInstant(text);
      return value === undefined || !/^\d{4}-/.test(value.toISOString())
        ? { ok: false, message: 'This must be a date and time such as 2026-01-31T00:00:00Z.' }
        : { ok: true, value: new Date(Math.floor(value.getTime() / 1000) * 1000) };
    },
    { type: 'string', format: 'date-time' },
    { nullable: true, ...options },
  );
}

function isCalendarDate(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  // `Date` reads 31 February as 3 March.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}
