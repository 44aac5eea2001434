import { isUtf8 } from 'node:buffer';

/**
 * What to try for a password, in this order. Absent means no password or the empty one: the two give different keys,
 * and writers disagree (RFC 7292 appendix B.1). One that has accents is tried as it was typed, composed and decomposed
 * (Unicode's NFC and NFD), for keyboards and file dialogs differ.
 */
export function passwordCandidates(password: string | undefined): (string | Buffer | undefined)[] {
  if (password === undefined || password === '') return [undefined, ''];
  // OpenSSL takes a password up to its first NUL, Node refuses one: no file is opened with a part of what was typed.
  if (password.includes('\0')) return [];
  const forms = new Set([password, password.normalize('NFC'), password.normalize('NFD')]);
  return [...forms, ...[...forms].flatMap(misreadings)];
}

/**
 * OpenSSL before 1.1.0 took the octets of a UTF-8 password for Latin-1 characters, so that what was typed as "ü" became
 * "Ã¼". The other way round, node-forge and OpenSSL in a Latin-1 terminal give PBES2 the Latin-1 octets of "ü", and the
 * MAC the right characters: OpenSSL does the same when it is handed octets that are not UTF-8.
 */
function misreadings(password: string): (string | Buffer)[] {
  const misread = Buffer.from(password, 'utf8').toString('latin1');
  if (misread === password) return [];
  const octets = Buffer.from(password, 'latin1');
  const isLatin1 = octets.toString('latin1') === password && !isUtf8(octets);
  return isLatin1 ? [misread, octets] : [misread];
}
