import type { Unavailable, UnavailableReason } from '../secret-vault.js';

/** A response of the vault's HTTP API. The body is JSON of unchecked shape. */
export interface VaultAnswer {
  readonly outcome: 'answer';
  readonly status: number;
  /** Undefined for a response without a body (204). */
  readonly body: unknown;
}

export const TIMEOUT = unavailable('timeout');

export function unavailable(reason: UnavailableReason): Unavailable {
  return { outcome: 'unavailable', reason };
}

/** The member at a path, or undefined if any part of the path is missing. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** Error messages for people; some are the only difference between two responses. */
function errorsOf({ body }: VaultAnswer): readonly string[] | undefined {
  const errors = member(body, 'errors');
  return Array.isArray(errors) ? errors.filter((error) => typeof error === 'string') : undefined;
}

/** A 404 without errors means "no such secret"; with an error it means that there is no such mount. */
export function isAbsent(answer: VaultAnswer): boolean {
  return answer.status === 404 && errorsOf(answer)?.length === 0;
}

export function isConflict(answer: VaultAnswer): boolean {
  return answer.status === 400 && (errorsOf(answer) ?? []).some((text) => text.includes('did not match the current'));
}

/** The meaning of an unexpected response. */
export function failureOf(answer: VaultAnswer): Unavailable {
  const { status } = answer;
  const errors = errorsOf(answer);
  if (status === 401 || status === 403) return unavailable('refused');
  if (status === 429) return unavailable('overloaded');
  if (status === 503 && errors?.some((text) => /sealed/i.test(text)) === true) return unavailable('sealed');
  if (status >= 500 || (status >= 400 && errors !== undefined)) return unavailable('failed');
  return unavailable('unintelligible');
}
