import { readHost } from './host-names.js';

const ATOMS = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const INTERNATIONAL_ATOMS =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
const QUOTED = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/;
const MAX_LENGTH = 320;

export interface MailAddress {
  /** Without quoting; compared exactly (RFC 5280 section 7.5). */
  readonly localPart: string;
  /** In lower case. */
  readonly host: string;
}

/**
 * The Mailbox of RFC 5321 section 4.1.2, undefined if it is malformed or if its host is an address literal, which no
 * constraint can name. `"a"@host` and `a@host` are the same mailbox.
 */
export function readMailAddress(text: string): MailAddress | undefined {
  return readAddress(text, ATOMS);
}

/** SmtpUTF8Mailbox of RFC 9598 section 3: the local part may have characters beyond ASCII, the host has A-labels. */
export function readInternationalMailAddress(text: string): MailAddress | undefined {
  return readAddress(text, INTERNATIONAL_ATOMS);
}

function readAddress(text: string, atoms: RegExp): MailAddress | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const at = text.lastIndexOf('@');
  const host = readHost(text.slice(at + 1));
  if (at < 0 || host === undefined) return undefined;
  const local = text.slice(0, at);
  if (atoms.test(local)) return { localPart: local, host };
  return QUOTED.test(local) ? { localPart: local.slice(1, -1).replace(/\\(.)/g, '$1'), host } : undefined;
}
