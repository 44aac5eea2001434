/** Characters, as JavaScript counts them; the longest that is taken costs no more to hash than a short one. */
export const MAX_PASSWORD_LENGTH = 1024;

/** Controls, and what Unicode has not assigned: a later version may normalise that otherwise (RFC 8264 section 9). */
const UNFIT = /[\p{Cc}\p{Cs}\p{Cn}]/u;

/**
 * A password in the form in which it is hashed and compared, after RFC 8265 section 4.2 (OpaqueString): every space is
 * U+0020, and NFC, so that what one keyboard composes and another does not is the same password. Case and width stay.
 * Undefined where it holds a character that no password may hold.
 */
export function preparedPassword(text: string): string | undefined {
  return UNFIT.test(text) ? undefined : text.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** The length that a policy asks for: code points, of which a person counts most as one character. */
export function passwordLength(prepared: string): number {
  return Array.from(prepared).length;
}
