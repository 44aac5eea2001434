import type { ErrorDetail } from '../common/errors.js';
import type { ChangedMember } from '../credentials/changed-members.rules.js';
import type { AdministeredColumns } from '../credentials/credential.table.js';
import { refused, type Refused as RefusedChange } from '../credentials/state-refusals.rules.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { RuleOutcome } from './rule-outcome.js';

/** The columns that a decision may set; those of the certificate itself come from `certificate`. */
export type CertificateColumns = AdministeredColumns;

type ChangedCertificateMember = ChangedMember | 'certificate';

/**
 * The decision on a change, made before anything is written. It contains the outcome of every rule that was evaluated.
 */
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
  /** Only the columns whose values change, because a concurrent login may change other columns. */
  readonly changes: Columns;
  /** The certificate to be stored; undefined if it does not change. */
  readonly certificate: Certificate | undefined;
  readonly changed: readonly ChangedCertificateMember[];
  readonly outcomes: readonly RuleOutcome[];
}

/** A refusal with every error, or undefined if there are none. */
export function refusal(errors: readonly ErrorDetail[], outcomes: readonly RuleOutcome[] = []): Refused | undefined {
  const change = refused(errors);
  return change === undefined ? undefined : { ...change, outcomes };
}
