export type Claims = Readonly<Record<string, unknown>>;

/** A claim of a verified token that does not say what it should; for the operator, who has set up the issuer. */
export interface ClaimProblem {
  /** As the setting names it. */
  readonly claim: string;
  /** One of few texts, whatever the token holds: warnings are counted by it. */
  readonly found: string;
  readonly expected: string;
  /** What stands in the claim, where that helps. */
  readonly names?: readonly string[];
}

export type ReportProblem = (problem: ClaimProblem) => void;

/** Names of a claim that a warning repeats at the most. */
const NAMES_SHOWN = 5;

/**
 * The claim of this name, or at the end of this path: `realm_access.roles`. At each step the longest name that is there
 * wins, dots included, because claims are called `https://acme.example/roles` and a step may be a client's id. Own
 * members of objects only: neither prototypes nor lists are walked.
 */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const step = path.slice(0, dot);
    if (!Object.hasOwn(claims, step)) continue;
    const member = claims[step];
    return isObject(member) ? claimAt(member, path.slice(dot + 1)) : undefined;
  }
  return undefined;
}

/** A list of texts, or one text of words separated by blanks as in RFC 8693's `scope`. */
export function wordsOf(value: unknown, claim: string, report: ReportProblem): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  const expected = 'a list of texts, or one text of words';
  if (!Array.isArray(value)) {
    report({ claim, found: kindOf(value), expected });
    return [];
  }
  const texts = value.filter((entry) => typeof entry === 'string');
  const other: unknown = value.find((entry) => typeof entry !== 'string');
  if (texts.length < value.length) report({ claim, found: `a list with ${kindOf(other)} in it`, expected });
  return texts;
}

/** What kind of JSON value this is. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

export function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function shown(names: readonly string[]): readonly string[] {
  return names.slice(0, NAMES_SHOWN);
}
