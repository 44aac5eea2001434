import { randomUUID } from 'node:crypto';

/** Contract 2.2: the alphabet and length of every external id. */
const EXTERNAL_ID = /^[A-Za-z0-9\-@./_:(){}[\]=!~+]{1,50}$/;

/** Path segments that occupy the position of a client's id. */
const ROUTE_WORDS: ReadonlySet<string> = new Set(['clients', 'system']);

export function isExternalId(value: string): boolean {
  return EXTERNAL_ID.test(value) && value !== '.' && value !== '..';
}

export function isClientExternalId(value: string): boolean {
  return isExternalId(value) && !isRouteWord(value);
}

export function isRouteWord(value: string): boolean {
  return ROUTE_WORDS.has(value);
}

export function generateExternalId(): string {
  return randomUUID();
}
