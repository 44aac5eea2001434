import type { ApiError } from '../../api/api-error.js';
import type {
  EvaluatedCertificateResource,
  ExplanationResource,
  RuleOutcomeResource,
} from '../../api/generated/types.gen.js';
import type { MyCertificate } from './queries.js';

export type FailedRule = Pick<RuleOutcomeResource, 'rule' | 'expected' | 'found' | 'remedy'>;

/** Something that refuses a certificate and is no rule: a code, and the sentence of the server. */
export interface Conflict {
  readonly code: string;
  readonly message: string;
}

/** What would become of a certificate, and why. */
export interface Verdict {
  readonly kind: 'accepted' | 'disabled' | 'refused';
  readonly rules: readonly FailedRule[];
  readonly conflicts: readonly Conflict[];
}

/** `replaces`: whether it would take the place of another one, so that their number does not count. */
export function verdictOfExplanation(explanation: ExplanationResource, replaces: boolean): Verdict {
  const rules = explanation.rules.filter(({ passed }) => !passed);
  const conflicts = explanation.conflicts.filter(({ code }) => !(replaces && code === 'errors.policyViolation'));
  if (explanation.verdict !== 'refused') {
    return { kind: explanation.verdict === 'disabled' ? 'disabled' : 'accepted', rules, conflicts };
  }
  const isOnlyTheirNumber = conflicts.length === 0 && rules.length === 0;
  return { kind: isOnlyTheirNumber ? 'accepted' : 'refused', rules, conflicts };
}

export function verdictOfDryRun({ stateName, _policyOutcome: rules = [] }: EvaluatedCertificateResource): Verdict {
  const kind = stateName === 'disabled' ? 'disabled' : 'accepted';
  return { kind, rules: rules.filter(({ passed }) => !passed), conflicts: [] };
}

/** Undefined if the certificate itself is not the reason. */
export function verdictOfRefusal(error: ApiError): Verdict | undefined {
  if (error.status !== 422) return undefined;
  const rules = error.details.flatMap(({ rule, expected = '', found = '', remedy }) =>
    rule === undefined ? [] : [{ rule, expected, found, ...(remedy === undefined ? {} : { remedy }) }],
  );
  const conflicts = error.details.filter(({ rule }) => rule === undefined);
  return { kind: 'refused', rules, conflicts };
}

/** Whether this is the certificate that the credential has already. */
export function isSameCertificate({ certificate }: ExplanationResource, { fingerprint }: MyCertificate): boolean {
  return fingerprint === certificate.fingerprintSha256 || fingerprint === certificate.fingerprintSha1;
}
