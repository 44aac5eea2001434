/**
 * What to try for a password, in this order. Absent means no password or the empty one: the two give different keys,
 * and writers disagree (RFC 7292 appendix B.1). OpenSSL before 1.1.0 took the octets of a UTF-8 password for Latin-1
 * characters, so that what was typed as "ü" became "Ã¼".
 */
export function passwordCandidates(password: string | undefined): (string | undefined)[] {
  if (password === undefined || password === '') return [undefined, ''];
  // OpenSSL takes a password up to its first NUL, Node refuses one: no file is opened with a part of what was typed.
  if (password.includes('\0')) return [];
  const misread = Buffer.from(password, 'utf8').toString('latin1');
  return misread === password ? [password] : [password, misread];
}
