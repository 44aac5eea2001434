export type Claims = Readonly<Record<string, unknown>>;

/** A claim of a verified token that has an unexpected value; reported to the operator, who configures the issuer. */
export interface ClaimProblem {
  /** The name of the claim in the settings. */
  readonly claim: string;
  /** One of a fixed set of texts, independent of the token: warnings are limited per text. */
  readonly found: string;
  readonly expected: string;
  /** Names from the claim, if that helps. */
  readonly names?: readonly string[];
}

export type ReportProblem = (problem: ClaimProblem) => void;

/** Maximum number of names that a warning repeats. */
const NAMES_SHOWN = 5;

/**
 * The claim with this name, or at this path: `realm_access.roles`. At each step the longest existing name is used,
 * including dots, because claims have names such as `https://acme.example/roles` and a step may be a client's id. Only
 * own members of objects are followed, not prototypes or lists.
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

/** A list of texts, or one text with words separated by spaces, like `scope` in RFC 8693. */
export function wordsOf(value: unknown, claim: string, report: ReportProblem): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  const expected = 'a list of texts, or one text with words';
  if (!Array.isArray(value)) {
    report({ claim, found: kindOf(value), expected });
    return [];
  }
  const texts = value.filter((entry) => typeof entry === 'string');
  const other: unknown = value.find((entry) => typeof entry !== 'string');
  if (texts.length < value.length) report({ claim, found: `a list with ${kindOf(other)} in it`, expected });
  return texts;
}

/** Names the JSON type of a value. */
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
