import type { ErrorDetail } from '../common/errors.js';
import { foldCase } from '../common/fold-case.js';
import type { PasswordPolicy } from '../policies/password-policy.model.js';

/**
 * Control characters and unassigned code points, which a later version of Unicode may normalize differently (RFC 8264
 * section 9).
 */
const DISALLOWED = /[\p{Cc}\p{Cs}\p{Cn}]/u;

/**
 * Prepares a password for hashing and comparison as in RFC 8265 section 4.2 (OpaqueString): every space becomes U+0020,
 * and the text NFC, so that composed and decomposed input is the same password. Case and width are unchanged. Undefined
 * if it contains a character that is not allowed in a password.
 */
export function preparedPassword(text: string): string | undefined {
  return DISALLOWED.test(text) ? undefined : text.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** The length for the policy: code points, most of which a person counts as one character. */
export function passwordLength(prepared: string): number {
  return Array.from(prepared).length;
}

interface Rule {
  /** The parameter that sets the rule. */
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

/** All rules of the policy that the password violates, each with a remedy. The password itself is not repeated. */
export function passwordViolations(policy: PasswordPolicy, password: string, loginId: string): readonly ErrorDetail[] {
  const violations: Rule[] = [];
  const length = passwordLength(password);
  if (length < policy.minLength) {
    violations.push({
      rule: 'minLength',
      expected: `at least ${characters(policy.minLength)}`,
      found: characters(length),
      remedy: `Choose a password of at least ${characters(policy.minLength)}.`,
    });
  }
  if (!policy.allowLoginIdInPassword && foldCase(password).includes(foldCase(loginId))) {
    violations.push({
      rule: 'allowLoginIdInPassword',
      expected: 'a password that does not contain the loginId',
      found: 'the loginId',
      remedy: 'Choose a password that does not contain the loginId, in upper or lower case.',
    });
  }
  return violations.map(violationError);
}

function violationError({ rule, expected, found, remedy }: Rule): ErrorDetail {
  return {
    code: 'errors.pwdPolicyViolated',
    message: `The policy does not allow this password: ${rule}: expected ${expected}, found ${found}.`,
    field: 'password',
    rule,
    parameter: rule,
    expected,
    found,
    remedy,
  };
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}
