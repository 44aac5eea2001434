import { isUtf8 } from 'node:buffer';

/**
 * The forms of a password to try, in this order. An absent password means no password or the empty one, which give
 * different keys, and software differs (RFC 7292 appendix B.1). A password with accents is tried as typed, composed and
 * decomposed (NFC and NFD), because keyboards and file dialogs differ.
 */
export function passwordCandidates(password: string | undefined): (string | Buffer | undefined)[] {
  if (password === undefined || password === '') return [undefined, ''];
  // OpenSSL uses a password only up to its first NUL, and Node rejects it: a file must not be opened with part of a
  // password.
  if (password.includes('\0')) return [];
  const forms = new Set([password, password.normalize('NFC'), password.normalize('NFD')]);
  return [...forms, ...[...forms].flatMap(legacyEncodings)];
}

/**
 * OpenSSL before 1.1.0 treated the octets of a UTF-8 password as Latin-1 characters, so "ü" became "Ã¼". Conversely,
 * node-forge, and OpenSSL in a Latin-1 terminal, use the Latin-1 octets of "ü" for PBES2 and the right characters for
 * the MAC; OpenSSL does the same when given octets that are not UTF-8.
 */
function legacyEncodings(password: string): (string | Buffer)[] {
  const misread = Buffer.from(password, 'utf8').toString('latin1');
  if (misread === password) return [];
  const octets = Buffer.from(password, 'latin1');
  const isLatin1 = octets.toString('latin1') === password && !isUtf8(octets);
  return isLatin1 ? [misread, octets] : [misread];
}
