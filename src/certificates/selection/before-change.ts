import type { CredentialState } from '../../credentials/credential-state.rules.js';
import { type CertificateRow, STATE_COLUMNS } from '../../credentials/credential.table.js';
import type { BeforeChange } from './selected-certificate.model.js';

/** The columns that an undo brings back. */
const RESTORED = [...STATE_COLUMNS, 'policyExtId', 'validFrom', 'validTo'] as const;

/** JSON has them as text. */
const TIMES: ReadonlySet<string> = new Set([
  'lockedUntil',
  'disabledOn',
  'validFrom',
  'validTo',
] satisfies readonly (typeof RESTORED)[number][]);

export type RestoredColumns = Pick<CertificateRow, (typeof RESTORED)[number]>;

/** The login counters that the change has set to zero; they come back unless somebody has logged in since. */
interface ResetCounters {
  readonly failures: number;
  readonly failuresSinceLock: number;
  readonly successes: number;
}

/** `after`: the state that the change has made. */
export function beforeChange(row: CertificateRow, after: Partial<CredentialState>): BeforeChange {
  const columns = RESTORED.map((name) => [name, row[name]] as const);
  const failures = after.failures === 0 ? row.failures : 0;
  const failuresSinceLock = after.failuresSinceLock === 0 ? row.failuresSinceLock : 0;
  return { ...Object.fromEntries(columns), failures, failuresSinceLock, successes: row.successes };
}

/** The reverse, once it has been stored as JSON. */
export function restoredColumns(before: BeforeChange): { columns: RestoredColumns; counters: ResetCounters } {
  const { failures, failuresSinceLock, successes, ...columns } = before;
  const restored = Object.entries(columns).map(([name, value]) => {
    return [name, TIMES.has(name) && typeof value === 'string' ? new Date(value) : value] as const;
  });
  return {
    columns: Object.fromEntries(restored) as unknown as RestoredColumns,
    counters: { failures, failuresSinceLock, successes } as ResetCounters,
  };
}
