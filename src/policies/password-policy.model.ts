import type { LoginLocking } from './login-locking.model.js';

/** What a PwdPolicy asks for (contract 2.12). */
export interface PasswordPolicy {
  /** Characters. */
  readonly minLength: number;
  readonly allowLoginIdInPassword: boolean;
  /** Milliseconds. */
  readonly credentialLifetime: number;
  readonly locking: LoginLocking;
}
