import {
  IMPORTED_CERTIFICATE_COLUMNS,
  READ_ONLY_CERTIFICATE_COLUMNS,
} from '../../certificates/export/certificate-columns.model.js';
import { csvText } from '../../common/csv.js';
import type { ErrorDetail } from '../../common/errors.js';
import { printable } from '../../common/printable.js';
import { parseJson } from '../../http/json-text.js';
import { IMPORTED_USER_COLUMNS, READ_ONLY_USER_COLUMNS } from '../../users/user-columns.model.js';

/** The members of a line, as NDJSON has them. */
export type LineMembers = Readonly<Record<string, unknown>>;

const IMPORTED: ReadonlySet<string> = new Set([...IMPORTED_USER_COLUMNS, ...IMPORTED_CERTIFICATE_COLUMNS]);
const READ_ONLY: ReadonlySet<string> = new Set([...READ_ONLY_USER_COLUMNS, ...READ_ONLY_CERTIFICATE_COLUMNS]);

/** A column of its own for one property. */
const PROPERTY = 'properties.';

/** An empty field of these says nothing; of all others, that there is no value. */
const NEVER_CLEARED: ReadonlySet<string> = new Set([
  'userExtId',
  'loginId',
  'userState',
  'isTechnicalUser',
  ...IMPORTED_CERTIFICATE_COLUMNS,
]);

/** As spreadsheets write them in the languages of contract 2.3. */
const TRUE: readonly string[] = ['true', 'wahr', 'vrai', 'vero'];
const FALSE: readonly string[] = ['false', 'falsch', 'faux', 'falso'];

/** What is wrong with the first record of CSV, which names the columns. */
export function checkColumns(names: readonly string[]): readonly ErrorDetail[] {
  const errors = names.flatMap((name, index) => {
    if (names.indexOf(name) < index) return [invalidColumn(`The column ${printable(name, 60)} is there twice.`)];
    if (IMPORTED.has(name) || READ_ONLY.has(name) || isProperty(name)) return [];
    return [invalidColumn(`There is no column ${printable(name, 60)}.`)];
  });
  if (!names.includes('userExtId')) errors.push(invalidColumn('The column userExtId is missing.'));
  return errors;
}

function isProperty(name: string): boolean {
  return name.startsWith(PROPERTY) && name.length > PROPERTY.length;
}

function invalidColumn(message: string): ErrorDetail {
  return { code: 'errors.invalidData', message: `${message} The first record of the file names the columns.` };
}

/** The members that a record of CSV stands for. Those that only the server sets are left out. */
export function membersOf(names: readonly string[], fields: readonly string[]): LineMembers {
  const members = Object.create(null) as Record<string, unknown>;
  for (const [index, name] of names.entries()) {
    if (READ_ONLY.has(name)) continue;
    const value = valueOf(name, csvText(fields[index] ?? ''));
    if (value === undefined) continue;
    const dot = name.indexOf('.');
    if (dot < 0) {
      // A column `properties` is JSON, and columns of single properties add to it.
      members[name] = name === 'properties' ? merged(members[name], value) : value;
      continue;
    }
    const outer = name.slice(0, dot);
    members[outer] = merged(members[outer], { [name.slice(dot + 1)]: value });
  }
  return members;
}

function merged(one: unknown, other: unknown): unknown {
  if (typeof other !== 'object' || other === null) return one ?? other;
  return typeof one === 'object' ? { ...one, ...other } : other;
}

/** Undefined for a field that says nothing. */
function valueOf(name: string, text: string): unknown {
  if (text === '') return NEVER_CLEARED.has(name) ? undefined : null;
  if (name === 'isTechnicalUser') return flagOf(text);
  return name === 'properties' ? jsonOf(text) : text;
}

function flagOf(text: string): unknown {
  const lower = text.toLowerCase();
  if (TRUE.includes(lower)) return true;
  return FALSE.includes(lower) ? false : text;
}

/** What is no JSON stays a text, which no map of properties is. */
function jsonOf(text: string): unknown {
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : text;
}

/** The members of a line of NDJSON without those that only the server sets. */
export function importedMembers(sent: LineMembers): LineMembers {
  const readOnly = new Set([...READ_ONLY].map((name) => name.split('.', 1)[0]));
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !readOnly.has(name)));
}
