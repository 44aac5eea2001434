/** A member of a test file does not have the form that its layout prescribes. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new LayoutError(`${what} is not an object.`);
}

/** An absent list is empty. */
export function listOf(object: JsonObject, member: string): readonly unknown[] {
  const value = object[member] ?? [];
  if (Array.isArray(value)) return value;
  throw new LayoutError(`${member} is not a list.`);
}

export function textsOf(object: JsonObject, member: string): readonly string[] {
  return listOf(object, member).map((value) => requireText(value, member));
}

export function textOf(object: JsonObject, member: string): string {
  return requireText(object[member], member);
}

export function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new LayoutError('A time cannot be read.');
  return date;
}

function requireText(value: unknown, member: string): string {
  if (typeof value === 'string') return value;
  throw new LayoutError(`${member} is not a text.`);
}
