import { DerError } from './der-error.js';

/** What came of reading one part: its value where it can be read, and what about it does not follow the standard. */
export interface Reading<T> {
  readonly value: T | undefined;
  /** Clauses of our own words, safe for the caller. */
  readonly problems: readonly string[];
}

/** Reads one part on its own, so that a malformed one costs itself only. */
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
