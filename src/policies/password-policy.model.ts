import type { LoginLocking } from './login-locking.model.js';

/** A parsed PwdPolicy (contract 2.12). */
export interface PasswordPolicy {
  /** Characters. */
  readonly minLength: number;
  readonly allowLoginIdInPassword: boolean;
  /** Milliseconds. */
  readonly credentialLifetime: number;
  readonly locking: LoginLocking;
}
