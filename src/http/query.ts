import type { Request } from 'express';

import { appError, type ErrorDetail, throwAll } from '../common/errors.js';

/**
 * The query of a request as single texts. A parameter that the route does not know is 422, for a misspelt filter would
 * answer too much and a misspelt `dryRun` would write; so is one that is sent twice. Where callers choose names
 * themselves, `prefixes` says how those begin.
 */
export function readQuery(
  request: Request,
  known: readonly string[],
  prefixes: readonly string[] = [],
): Readonly<Record<string, string>> {
  const start = request.originalUrl.indexOf('?');
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  if (start < 0) return values;
  const errors: ErrorDetail[] = [];
  for (const [name, value] of new URLSearchParams(request.originalUrl.slice(start + 1))) {
    const isKnown = known.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
    if (!isKnown || isUnstorable(name)) {
      errors.push(invalidParameter('query', `This path takes no query parameters but ${known.join(', ')}.`));
    } else if (name in values) {
      errors.push(invalidParameter(name, `${name} is sent twice.`));
    } else if (isUnstorable(value)) {
      errors.push(invalidParameter(name, `${name} holds a character that no text may hold.`));
    } else {
      values[name] = value;
    }
  }
  throwAll(errors.slice(0, 20));
  return values;
}

/** U+0000, and what a malformed percent-encoding or half of a surrogate pair has become. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || text.includes('\ufffd');
}

export function invalidParameter(field: string, message: string): ErrorDetail {
  return { code: 'errors.invalidData', message, field };
}

export function booleanParameter(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw appError(invalidParameter(name, `${name} must be true or false.`));
}
