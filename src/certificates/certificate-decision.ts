import type { ErrorDetail } from '../common/errors.js';
import type { CredentialState } from '../credentials/credential-state.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The columns that a decision may set; those of the certificate itself are taken from `certificate`. */
export interface CertificateColumns extends CredentialState {
  readonly comment: string | null;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** The members of the contract's resource that an administration changes, as the trail names them. */
export type ChangedMember =
  | 'certificate'
  | 'validity'
  | 'stateName'
  | 'stateChangeReason'
  | 'stateChangeDetail'
  | 'modificationComment';

/** What is to be done, decided before anything is written. Every decision carries each rule that was asked. */
export type Decision<Columns> = Refused | Unchanged | Changed<Columns>;

export interface Refused {
  readonly kind: 'refused';
  readonly errors: readonly [ErrorDetail, ...ErrorDetail[]];
  readonly outcomes: readonly RuleOutcome[];
}

export interface Unchanged {
  readonly kind: 'unchanged';
  readonly outcomes: readonly RuleOutcome[];
}

export interface Changed<Columns> {
  readonly kind: 'changed';
  /** Only columns that get another value than they have; logins go on beside an administration that is not about them. */
  readonly changes: Columns;
  /** The certificate that is to be stored; undefined where it stays. */
  readonly certificate: Certificate | undefined;
  readonly changed: readonly ChangedMember[];
  readonly outcomes: readonly RuleOutcome[];
}

/** A refusal with every error, or undefined where there is none. */
export function refusal(errors: readonly ErrorDetail[], outcomes: readonly RuleOutcome[] = []): Refused | undefined {
  const [first, ...rest] = errors;
  return first === undefined ? undefined : { kind: 'refused', errors: [first, ...rest], outcomes };
}
