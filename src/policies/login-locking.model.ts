/** How failed logins lock a credential of any type (contract 5.2). */
export interface LoginLocking {
  /**
   * Number of failures since the last success, reset or unlock after which the credential stays locked until someone
   * unlocks it; undefined: never.
   */
  readonly maxCredFailureCount: number | undefined;
  /** Number of failures after which the credential is locked temporarily; undefined: never. */
  readonly tmpLockingThreshold: number | undefined;
  /** In milliseconds; undefined: failures never lock temporarily. */
  readonly tmpLockingDuration: number | undefined;
  /** After a temporary lock, `strict` locks again at the first failure, and `threshold` starts counting again. */
  readonly tmpLockingMode: 'strict' | 'threshold';
}
