/**
 * Control characters and unassigned code points, which a later version of Unicode may normalize differently (RFC 8264
 * section 9).
 */
const DISALLOWED = /[\p{Cc}\p{Cs}\p{Cn}]/u;

/**
 * Prepares a password for hashing and comparison as in RFC 8265 section 4.2 (OpaqueString): every space becomes U+0020,
 * and the text NFC, so that composed and decomposed input is the same password. Case and width are unchanged. Undefined
 * if it contains a character that is not allowed in a password.
 */
export function preparedPassword(text: string): string | undefined {
  return DISALLOWED.test(text) ? undefined : text.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** The length for the policy: code points, most of which a person counts as one character. */
export function passwordLength(prepared: string): number {
  return Array.from(prepared).length;
}
