import type { Problem } from './path-result.js';

/** Problems of a path that always read the same. */
export const OUT_OF_BUDGET: Problem = {
  reason: 'budget',
  section: 'RFC 5280 section 6.1',
  detail: 'The search took more steps than are allowed.',
};

export const TOO_MANY_INTERMEDIATES: Problem = {
  reason: 'budget',
  section: 'RFC 5280 section 6.1.2 (k)',
  detail: 'The path has more intermediates than are allowed.',
};

export const PATH_TOO_LONG: Problem = {
  reason: 'pathLength',
  section: 'RFC 5280 section 6.1.4 (l)',
  detail: 'There are more intermediates below it than its path length allows.',
};

export const UNUSABLE_KEY: Problem = {
  reason: 'malformed',
  section: 'RFC 5280 section 4.1.2.7',
  detail: 'Its public key cannot be used.',
};

export const ISSUER_NOT_FOUND: Problem = {
  reason: 'issuerNotFound',
  section: 'RFC 5280 section 6.1.3 (a)(4)',
  detail: 'No certificate of the set has the name of its issuer.',
};

export const TOO_MANY_CANDIDATES: Problem = {
  reason: 'budget',
  section: 'RFC 5280 section 6.1',
  detail: 'More certificates have the name of its issuer than are tried.',
};
