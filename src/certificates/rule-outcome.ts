import type { ErrorDetail } from '../common/errors.js';
import { printable } from '../common/printable.js';
import type { PathOutcome } from './path-outcome.js';
import type { CertificateEvidence } from './revocation-evidence.js';

/** The outcome of one rule of a policy (contract 1.4, 6.3). All texts have limited length and no control characters. */
export interface RuleOutcome {
  /** The parameter that sets the rule. A rule about several elements has one outcome for each. */
  readonly rule: string;
  readonly passed: boolean;
  readonly parameter: string;
  readonly expected: string;
  readonly found: string;
  /** One sentence that says how to meet the rule. Absent if the rule passed. */
  readonly remedy?: string;
  /** Of the rule `trustAnchors`, in dry runs and explanations (contract 12.4). */
  readonly path?: PathOutcome;
  /** Of the rule `revocationCheck`, in dry runs and explanations (contract 13.5). */
  readonly evidence?: readonly CertificateEvidence[];
}

interface RuleResult {
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

export function ruleOutcome(rule: string, { passed, expected, found, remedy }: RuleResult): RuleOutcome {
  return {
    rule,
    passed,
    parameter: rule,
    expected: printable(expected),
    found: printable(found),
    ...(passed ? {} : { remedy: printable(remedy) }),
  };
}

/** The error for a failed rule: the members of the outcome and a sentence. */
export function violationError(outcome: RuleOutcome): ErrorDetail {
  const { rule, parameter, expected, found, remedy, path, evidence } = outcome;
  return {
    code: 'errors.certificatePolicyViolated',
    message: `The policy does not allow this certificate: ${violationText(outcome).replace(/\.$/, '')}.`,
    field: 'certificate',
    rule,
    parameter,
    expected,
    found,
    ...(remedy === undefined ? {} : { remedy }),
    ...(path === undefined ? {} : { path }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

/** Maximum length of `stateChangeDetail` (contract 5.4). */
const MAX_DETAIL_LENGTH = 1000;

/** Lists the failed rules for `stateChangeDetail`: only complete entries, and the number of omitted ones. */
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
