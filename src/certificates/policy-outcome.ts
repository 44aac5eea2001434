import { AppError } from '../common/errors.js';
import type { Refused } from './certificate-decision.js';
import type { CertificateResource } from './certificate-resource.js';
import type { RuleOutcome } from './rule-outcome.js';

/** What a dry run's success carries in addition: every rule that was asked, passed or not (contract 1.4). */
export interface PolicyOutcome {
  readonly _policyOutcome?: readonly RuleOutcome[];
}

export function withOutcomes(
  resource: CertificateResource,
  outcomes: readonly RuleOutcome[],
): CertificateResource & PolicyOutcome {
  return { ...resource, _policyOutcome: outcomes };
}

export function refusedError({ errors }: Refused): AppError {
  return new AppError(errors);
}
