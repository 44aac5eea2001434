import type { ErrorDetail } from '../common/errors.js';
import type { ChangedMember } from '../credentials/changed-members.rules.js';
import type { AdministeredColumns } from '../credentials/credential.table.js';
import { refused, type Refused as RefusedChange } from '../credentials/state-refusals.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The columns that a decision may set; those of the certificate itself are taken from `certificate`. */
export type CertificateColumns = AdministeredColumns;

type ChangedCertificateMember = ChangedMember | 'certificate';

/** What is to be done, decided before anything is written. Every decision carries each rule that was asked. */
export type Decision<Columns> = Refused | Unchanged | Changed<Columns>;

export interface Refused extends RefusedChange {
  readonly outcomes: readonly RuleOutcome[];
}

interface Unchanged {
  readonly kind: 'unchanged';
  readonly outcomes: readonly RuleOutcome[];
}

export interface Changed<Columns> {
  readonly kind: 'changed';
  /** Only columns that get another value than they have; logins go on beside an administration that is not about them. */
  readonly changes: Columns;
  /** The certificate that is to be stored; undefined where it stays. */
  readonly certificate: Certificate | undefined;
  readonly changed: readonly ChangedCertificateMember[];
  readonly outcomes: readonly RuleOutcome[];
}

/** A refusal with every error, or undefined where there is none. */
export function refusal(errors: readonly ErrorDetail[], outcomes: readonly RuleOutcome[] = []): Refused | undefined {
  const change = refused(errors);
  return change === undefined ? undefined : { ...change, outcomes };
}
