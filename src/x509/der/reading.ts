import { DerError } from './der-error.js';

/** The result of reading one part: its value if it can be read, and its deviations from the standard. */
export interface Reading<T> {
  readonly value: T | undefined;
  /** Fixed clauses, safe for the caller. */
  readonly problems: readonly string[];
}

/** Reads one part independently, so that a malformed part does not affect the others. */
export function reading<T>(read: (problems: string[]) => T): Reading<T> {
  const problems: string[] = [];
  try {
    return { value: read(problems), problems };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    problems.push(error.message);
    return { value: undefined, problems };
  }
}
