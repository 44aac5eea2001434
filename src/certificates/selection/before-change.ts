import type { CredentialState } from '../../credentials/credential-state.rules.js';
import type { CertificateRow } from '../../credentials/credential.table.js';
import type { BeforeChange } from './selected-certificate.model.js';

const TEXTS = [
  'state',
  'stateSetBy',
  'reason',
  'detail',
  'comment',
  'lock',
  'lockReason',
  'replacedBy',
  'policyExtId',
] as const satisfies readonly (keyof CertificateRow)[];

const TIMES = [
  'lockedUntil',
  'disabledOn',
  'validFrom',
  'validTo',
] as const satisfies readonly (keyof CertificateRow)[];

/** The columns that an undo brings back. */
export type RestoredColumns = Pick<CertificateRow, (typeof TEXTS)[number] | (typeof TIMES)[number]>;

/** The login counters that the change has set to zero; they come back unless somebody has logged in since. */
interface ResetCounters {
  readonly failures: number;
  readonly failuresSinceLock: number;
  readonly successes: number;
}

/** `after`: the state that the change has made. */
export function beforeChange(row: CertificateRow, after: Partial<CredentialState>): BeforeChange {
  const columns = [...TEXTS, ...TIMES].map((name) => [name, row[name]] as const);
  const failures = after.failures === 0 ? row.failures : 0;
  const failuresSinceLock = after.failuresSinceLock === 0 ? row.failuresSinceLock : 0;
  return { ...Object.fromEntries(columns), failures, failuresSinceLock, successes: row.successes };
}

/** The reverse, once it has been stored as JSON. */
export function restoredColumns(before: BeforeChange): { columns: RestoredColumns; counters: ResetCounters } {
  const times = TIMES.map((name) => [name, typeof before[name] === 'string' ? new Date(before[name]) : null] as const);
  const { failures, failuresSinceLock, successes, ...texts } = before;
  return {
    columns: { ...texts, ...Object.fromEntries(times) } as RestoredColumns,
    counters: { failures, failuresSinceLock, successes } as ResetCounters,
  };
}
