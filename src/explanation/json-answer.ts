// A server may be newer or older than the command, so that nothing about its answers is taken for granted.

/** The messages of an error response. */
export function messagesOf(answer: unknown): readonly string[] {
  return listOf(answer, 'errors').flatMap((error) => textOf(error, 'message') ?? []);
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

export function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

export function listOf(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name);
  return Array.isArray(member) ? (member as readonly unknown[]) : [];
}
