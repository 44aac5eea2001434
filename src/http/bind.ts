import { getMetadataStorage, validateSync } from 'class-validator';

import { type ErrorDetail, throwAll } from '../common/errors.js';
import { nestedOf, readersOf } from './members.js';
import { findUnstorableText } from './unstorable-text.js';

type Class<Value extends object> = new () => Value;

const knownMembers = new WeakMap<object, ReadonlySet<string>>();

/**
 * Makes an instance of `type` out of what a caller sent, or throws one 422 that names everything that is wrong with it:
 * unknown members, types, sizes, texts that cannot be stored, and what a reader refuses (contract 3.7, 7.2).
 * A member that was not sent is not a property of the instance, so that PATCH can tell absent from null.
 */
export function bind<Value extends object>(type: Class<Value>, sent: Record<string, unknown>): Value {
  const errors: ErrorDetail[] = findUnstorableText(sent).map((field) =>
    invalid(field, 'holds a character that no text may hold (U+0000 or half of a surrogate pair)'),
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
    if (members.has(name)) Object.defineProperty(value, name, { value: sent[name], writable: true, enumerable: true });
    else errors.push(invalid(path + printableName(name), 'is not a member of this resource'));
  }
  for (const { property, constraints } of validateSync(value, { validationError: { target: false, value: false } })) {
    for (const message of Object.values(constraints ?? {})) errors.push(invalid(path + property, message));
  }
  readMembers(value, path, errors);
  return value;
}

/** Reads on only in members that nothing has been found wrong with. */
function readMembers(value: object, path: string, errors: ErrorDetail[]): void {
  const members = value as Record<string, unknown>;
  const isRefused = (name: string): boolean => errors.some(({ field }) => field === path + name);
  for (const [name, reader] of Object.entries(readersOf(value))) {
    const text = members[name];
    if (typeof text !== 'string' || isRefused(name)) continue;
    const result = reader(text);
    if (result.ok) members[name] = result.value;
    else errors.push({ code: 'errors.invalidData', message: result.message, field: path + name });
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

/** A name that the caller made up goes back to him, but no longer than it takes to recognise it. */
function printableName(name: string): string {
  const safe = name.replaceAll(/[^\x21-\x7e]/g, '?');
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}

function invalid(field: string, message: string): ErrorDetail {
  return { code: 'errors.invalidData', message: `${field} ${message}.`, field };
}
