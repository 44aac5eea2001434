import { type IfMatch, matches } from './precondition.js';

/** What a request says of the version that it is based on (contract 3.2, 3.5). */
export interface ExpectedVersion {
  readonly ifMatch: IfMatch | undefined;
  /** The member `version` of the body. */
  readonly version: number | undefined;
}

/** What of the expectation does not hold for the current version; If-Match is checked first (contract 7.2). */
export function unmetExpectation(
  { ifMatch, version }: ExpectedVersion,
  current: number,
  requireVersion: boolean,
): 'required' | 'ifMatch' | 'version' | undefined {
  if (requireVersion && ifMatch === undefined && version === undefined) return 'required';
  if (ifMatch !== undefined && !matches(ifMatch, current)) return 'ifMatch';
  if (version !== undefined && version !== current) return 'version';
  return undefined;
}
