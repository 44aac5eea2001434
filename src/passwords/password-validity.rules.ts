import type { PasswordPolicy } from '../policies/password-policy.model.js';

/** The validity of a password that is stored now (contract 2.12). */
export function passwordValidity({ credentialLifetime }: PasswordPolicy, now: Date) {
  return { validFrom: now, validTo: new Date(now.getTime() + credentialLifetime) };
}
