import { type ErrorDetail, throwAll } from '../common/errors.js';
import { findUnstorableText } from '../common/unstorable-text.js';
import { getMetadataStorage, Validator } from './class-validator.js';
import { nestedOf, readersOf } from './members.js';

type Class<Value extends object> = new () => Value;

const validator = new Validator();
const knownMembers = new WeakMap<object, ReadonlySet<string>>();

/**
 * Builds an instance of `type` from the request's members, or throws one 422 that names every error: unknown members,
 * types, sizes, text that cannot be stored, and values that a reader rejects (contract 3.7, 7.2). A member that was not
 * sent is not a property of the instance, so that PATCH can distinguish absent from null.
 */
export function bind<Value extends object>(type: Class<Value>, sent: Record<string, unknown>): Value {
  const errors: ErrorDetail[] = findUnstorableText(sent).map((field) =>
    invalid(field, 'contains a character that text must not contain (U+0000 or an unpaired surrogate)'),
  );
  const value = bindMembers(type, sent, '', errors);
  throwAll(errors);
  return value;
}

function bindMembers<Value extends object>(
  type: Class<Value>,
  sent: Record<string, unknown>,
  path: string,
  errors: ErrorDetail[],
): Value {
  const value = new type();
  const members = membersOf(type);
  for (const name of Object.keys(sent)) {
    if (members.has(name)) (value as Record<string, unknown>)[name] = sent[name];
    else errors.push(invalid(path + printableName(name), 'is not a member of this resource'));
  }
  for (const { property, constraints } of validator.validateSync(value, {
    validationError: { target: false, value: false },
  })) {
    for (const message of Object.values(constraints ?? {})) errors.push(invalid(path + property, message));
  }
  readMembers(value, path, errors);
  return value;
}

/** Reads only members in which no error has been found so far. */
function readMembers(value: object, path: string, errors: ErrorDetail[]): void {
  const members = value as Record<string, unknown>;
  const isRefused = (name: string): boolean => errors.some(({ field }) => field === path + name);
  for (const [name, reader] of Object.entries(readersOf(value))) {
    const text = members[name];
    if (typeof text !== 'string' || isRefused(name)) continue;
    const result = reader(text);
    if (result.ok) {
      members[name] = result.value;
      continue;
    }
    for (const { message, index } of 'faults' in result ? result.faults : [result]) {
      const position = index === undefined ? {} : { index };
      errors.push({ code: 'errors.invalidData', message, field: path + name, ...position });
    }
  }
  for (const [name, type] of Object.entries(nestedOf(value))) {
    const inner = members[name];
    if (typeof inner !== 'object' || inner === null || isRefused(name)) continue;
    members[name] = bindMembers(type(), inner as Record<string, unknown>, `${path}${name}.`, errors);
  }
}

function membersOf(type: Class<object>): ReadonlySet<string> {
  let members = knownMembers.get(type);
  if (members === undefined) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    members = new Set(metadata.map((entry) => entry.propertyName));
    knownMembers.set(type, members);
  }
  return members;
}

/** The error repeats the member name that was sent, shortened and with only printable ASCII. */
function printableName(name: string): string {
  const safe = name.replaceAll(/[^\x21-\x7e]/g, '?');
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}

function invalid(field: string, message: string): ErrorDetail {
  return { code: 'errors.invalidData', message: `${field} ${message}.`, field };
}
