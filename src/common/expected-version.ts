/** A parsed If-Match (RFC 9110 section 13.1.1). */
export interface IfMatch {
  /** Any version, or the versions whose entity tags were sent. */
  readonly versions: 'any' | ReadonlySet<number>;
  /** The message for the caller if the version does not match. */
  readonly mismatch: string;
}

/** The version that the caller expects the resource to have (contract 3.2, 3.5). */
export interface ExpectedVersion {
  readonly ifMatch: IfMatch | undefined;
  /** The member `version` of the body. */
  readonly version: number | undefined;
}

/** The error if the current version is not the expected one; If-Match is checked first (contract 7.2). */
export function failedVersionCheck(
  { ifMatch, version }: ExpectedVersion,
  current: number,
  requireVersion: boolean,
): 'required' | 'ifMatch' | 'version' | undefined {
  if (requireVersion && ifMatch === undefined && version === undefined) return 'required';
  if (ifMatch !== undefined && !matches(ifMatch, current)) return 'ifMatch';
  if (version !== undefined && version !== current) return 'version';
  return undefined;
}

export function matches({ versions }: IfMatch, version: number): boolean {
  return versions === 'any' || versions.has(version);
}
