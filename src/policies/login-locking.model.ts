/** How failed logins lock a credential, of whatever type (contract 5.2). */
export interface LoginLocking {
  /** Failures since the last success, reset or unlock that lock until someone unlocks; undefined: never. */
  readonly maxCredFailureCount: number | undefined;
  /** Failures that lock for a time; undefined: never. */
  readonly tmpLockingThreshold: number | undefined;
  /** Milliseconds; undefined: failures never lock for a time. */
  readonly tmpLockingDuration: number | undefined;
  /** After a temporary lock, `strict` locks again at the first failure; `threshold` starts counting anew. */
  readonly tmpLockingMode: 'strict' | 'threshold';
}
