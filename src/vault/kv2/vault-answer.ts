import type { Unavailable, UnavailableReason } from '../secret-vault.js';

/** What a vault's HTTP API answered: the status decides, the body is JSON that nobody has vouched for. */
export interface VaultAnswer {
  readonly outcome: 'answer';
  readonly status: number;
  /** Absent where there was none (204). */
  readonly body: unknown;
}

export const TIMEOUT = unavailable('timeout');

export function unavailable(reason: UnavailableReason): Unavailable {
  return { outcome: 'unavailable', reason };
}

/** The member at the end of a path, or nothing, whatever is in the way. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** Texts for people; some are the only difference between two answers. */
function errorsOf({ body }: VaultAnswer): readonly string[] | undefined {
  const errors = member(body, 'errors');
  return Array.isArray(errors) ? errors.filter((error) => typeof error === 'string') : undefined;
}

/** A 404 that means "no such secret": one with an error means that there is no such mount. */
export function isAbsent(answer: VaultAnswer): boolean {
  return answer.status === 404 && errorsOf(answer)?.length === 0;
}

export function isConflict(answer: VaultAnswer): boolean {
  return answer.status === 400 && (errorsOf(answer) ?? []).some((text) => text.includes('did not match the current'));
}

/** What an answer means that is not one of the expected ones. */
export function failureOf(answer: VaultAnswer): Unavailable {
  const { status } = answer;
  const errors = errorsOf(answer);
  if (status === 401 || status === 403) return unavailable('refused');
  if (status === 429) return unavailable('overloaded');
  if (status === 503 && errors?.some((text) => /sealed/i.test(text)) === true) return unavailable('sealed');
  if (status >= 500 || (status >= 400 && errors !== undefined)) return unavailable('failed');
  return unavailable('unintelligible');
}
