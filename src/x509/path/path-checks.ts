import type { Budget } from './budget.js';
import type { NameConstraintSet } from './name-constraints.js';
import type { Problem } from './path-result.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import type { WorkingKey } from './working-key.js';

/** RFC 5280 section 6.1.3 (a)(1). A signature is checked once for each certificate and key, and then remembered. */
export function checkSignature(subject: PreparedCertificate, key: WorkingKey, budget: Budget): Problem | undefined {
  const known = subject.knownSignature(key);
  if (known === undefined && !budget.signatureCheck()) return OUT_OF_BUDGET;
  if (known ?? subject.checkSignature(key)) return undefined;
  const detail = 'Its signature was not made with the key of this issuer.';
  return { reason: 'badSignature', section: 'RFC 5280 section 6.1.3 (a)(1)', detail };
}

/** RFC 5280 section 6.1.3 (b) and (c). */
export function checkNames(
  { certificate }: PreparedCertificate,
  constraints: NameConstraintSet,
  budget: Budget,
): Problem | undefined {
  const result = constraints.check(certificate, budget);
  if (result === 'ok') return undefined;
  if (result.problem === 'budget') return OUT_OF_BUDGET;
  const step = result.problem === 'excluded' ? '(c)' : '(b)';
  return { reason: 'nameConstraints', section: `RFC 5280 section 6.1.3 ${step}`, detail: result.detail };
}

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
