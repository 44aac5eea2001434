import type { Request } from 'express';

import { appError, type ErrorDetail, invalidParameter, throwAll } from '../common/errors.js';
import { parseInstant } from '../common/instant.js';
import { printable } from '../common/printable.js';
import { queryParametersOf } from './query-parameters.js';

/**
 * Reads the query parameters. An unknown parameter is 422, because with a misspelt filter the response would contain
 * too much, and with a misspelt `dryRun` the request would write. A repeated parameter is 422 as well. `prefixes` are
 * the prefixes of names that callers choose.
 */
export function readQuery(
  request: Request,
  known: readonly string[],
  prefixes: readonly string[] = [],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  if (!hasQuery(request)) return values;
  const errors: ErrorDetail[] = [];
  for (const [name, value] of sentQuery(request)) {
    const isKnown = known.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
    if (!isKnown || isUnstorable(name)) {
      errors.push(
        invalidParameter('query', `${printable(name, 60)} is not a query parameter of this path. ${supported(known)}`),
      );
    } else if (name in values) {
      errors.push(invalidParameter(name, `${name} is sent twice.`));
    } else if (isUnstorable(value)) {
      errors.push(invalidParameter(name, `${name} contains a character that text must not contain.`));
    } else {
      values[name] = value;
    }
  }
  throwAll(errors.slice(0, 20));
  return values;
}

function supported(known: readonly string[]): string {
  return known.length === 0 ? 'It accepts none.' : `It accepts ${known.join(', ')}.`;
}

/** U+0000, and the replacement character that results from a malformed percent-encoding or an unpaired surrogate. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || text.includes('\ufffd');
}

export function booleanParameter(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw appError(invalidParameter(name, `${name} must be true or false.`));
}

export function instantParameter(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw appError(invalidParameter(name, `${name} must be a date and time such as 2026-01-31T00:00:00Z.`));
}

/** Whether the route documents any query parameters, in its decorators as in `docs/openapi.json`. */
export function takesQuery(handler: object): boolean {
  return queryParametersOf(handler).length > 0;
}

/**
 * Whether the route has a dry run and the request asks for it (contract 1.4). The route itself rejects invalid values.
 */
export function requestsDryRun(request: Request, handler: object): boolean {
  return (
    hasQuery(request) && queryParametersOf(handler).includes('dryRun') && sentQuery(request).get('dryRun') === 'true'
  );
}

function hasQuery({ originalUrl }: Request): boolean {
  return originalUrl.includes('?');
}

function sentQuery({ originalUrl }: Request): URLSearchParams {
  return new URLSearchParams(originalUrl.slice(originalUrl.indexOf('?') + 1));
}
