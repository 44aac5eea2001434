import { DECORATORS } from '@nestjs/swagger';
import type { Request } from 'express';

import { appError, type ErrorDetail, throwAll } from '../common/errors.js';
import { printable } from '../common/printable.js';

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
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  if (!hasQuery(request)) return values;
  const errors: ErrorDetail[] = [];
  for (const [name, value] of sentQuery(request)) {
    const isKnown = known.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
    if (!isKnown || isUnstorable(name)) {
      errors.push(
        invalidParameter('query', `${printable(name, 60)} is no query parameter of this path. ${taken(known)}`),
      );
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

function taken(known: readonly string[]): string {
  return known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`;
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

/** Whether the route documents any, which is also what `docs/openapi.json` says of it. */
export function takesQuery(handler: object): boolean {
  return documentedQuery(handler).length > 0;
}

/** Whether a route that has a dry run is asked for one (contract 1.4); what else stands there, the route refuses. */
export function asksForDryRun(request: Request, handler: object): boolean {
  return (
    hasQuery(request) && documentedQuery(handler).includes('dryRun') && sentQuery(request).get('dryRun') === 'true'
  );
}

/** Of each route's handler; made by decorators, and the same ever after. */
const documented = new WeakMap<object, readonly (string | undefined)[]>();

function documentedQuery(handler: object): readonly (string | undefined)[] {
  const known = documented.get(handler);
  if (known !== undefined) return known;
  const parameters = Reflect.getMetadata(DECORATORS.API_PARAMETERS, handler) as
    | readonly { readonly in?: string; readonly name?: string }[]
    | undefined;
  const names = (parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  documented.set(handler, names);
  return names;
}

function hasQuery({ originalUrl }: Request): boolean {
  return originalUrl.includes('?');
}

function sentQuery({ originalUrl }: Request): URLSearchParams {
  return new URLSearchParams(originalUrl.slice(originalUrl.indexOf('?') + 1));
}
