import type { ErrorDetail } from '../common/errors.js';
import { printable } from '../common/printable.js';

/** What one rule of a policy found (contract 1.4, 6.3). Every text is bounded and free of control characters. */
export interface RuleOutcome {
  /** The parameter that asks; a rule that asks for several elements has one outcome for each. */
  readonly rule: string;
  readonly passed: boolean;
  readonly parameter: string;
  readonly expected: string;
  readonly found: string;
  /** One sentence: what would make it pass. Absent where it passed. */
  readonly remedy?: string;
}

interface RuleAnswer {
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

export function ruleOutcome(rule: string, { passed, expected, found, remedy }: RuleAnswer): RuleOutcome {
  return {
    rule,
    passed,
    parameter: rule,
    expected: printable(expected),
    found: printable(found),
    ...(passed ? {} : { remedy: printable(remedy) }),
  };
}

/** The entry of a refusal for a rule that failed: the outcome's own members and a sentence. */
export function violationError(outcome: RuleOutcome): ErrorDetail {
  const { rule, parameter, expected, found, remedy } = outcome;
  return {
    code: 'errors.certificatePolicyViolated',
    message: `The policy does not allow this certificate: ${violationText(outcome).replace(/\.$/, '')}.`,
    field: 'certificate',
    rule,
    parameter,
    expected,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** The longest `stateChangeDetail` (contract 5.4). */
const MAX_DETAIL_LENGTH = 1000;

/** Which rules failed, for `stateChangeDetail`: whole entries only, and the number of those that have no room. */
export function violationsDetail(violations: readonly RuleOutcome[]): string {
  const entries = violations.map(violationText);
  for (let shown = entries.length; shown > 0; shown -= 1) {
    const hidden = entries.length - shown;
    const text = entries.slice(0, shown).join('; ') + (hidden > 0 ? `; and ${hidden} more` : '');
    if (text.length <= MAX_DETAIL_LENGTH) return text;
  }
  return '';
}

function violationText({ rule, expected, found }: RuleOutcome): string {
  return `${rule}: expected ${expected}, found ${found}`;
}
