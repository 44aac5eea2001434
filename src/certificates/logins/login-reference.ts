import { randomBytes } from 'node:crypto';

/** Crockford's base32: without I, L, O and U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/** A new reference to a refused login (contract 15.4): 40 random bits. */
export function newReference(): string {
  return [...randomBytes(LENGTH)].map((byte) => DIGITS.charAt(byte % DIGITS.length)).join('');
}
