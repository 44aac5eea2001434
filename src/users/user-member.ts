import { parseInstant } from '../common/instant.js';
import { type MemberOptions, type MemberReader, readAs } from '../http/members.js';
import { LANGUAGES } from './user.model.js';

/** The officially assigned codes of ISO 3166-1 alpha-2. */
const CODES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

const KNOWN: ReadonlySet<string> = new Set(CODES.split(' '));

export function isCountryCode(text: string): boolean {
  return KNOWN.has(text);
}

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

/** For codes of ASCII letters. `toUpperCase` would turn the dotless i into I, and ß into SS. */
function upperCaseAscii(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}
