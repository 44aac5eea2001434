import type { PasswordPolicy } from '../policies/password-policy.model.js';

/** How long a password that is stored now may be used (contract 2.12). */
export function passwordValidity({ credentialLifetime }: PasswordPolicy, now: Date) {
  return { validFrom: now, validTo: new Date(now.getTime() + credentialLifetime) };
}
