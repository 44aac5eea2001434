/**
 * Base64 in its only canonical form (RFC 4648 sections 3.5 and 4): padded, without whitespace, and with unused bits zero.
 * Undefined for anything else, and for nothing.
 */
export function readBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64');
  return octets.length > 0 && octets.toString('base64') === text ? octets : undefined;
}

/** A structured field that is one item, a byte sequence (RFC 9651 section 4.2.3). Undefined for anything else. */
export function readByteSequence(value: string): Buffer | undefined {
  const members = readByteSequences(value);
  return members?.length === 1 ? members[0] : undefined;
}

/**
 * A structured field that is a list of byte sequences (RFC 9651 section 4.2.1). Undefined if it cannot be parsed, or if a
 * member has another type or no octets. Parameters are parsed and ignored: no field that is read here defines any.
 */
export function readByteSequences(value: string): readonly Buffer[] | undefined {
  const members: Buffer[] = [];
  if (value === '') return members;
  for (let rest = value; ;) {
    const member = readMember(rest);
    if (member === undefined) return undefined;
    members.push(member.octets);
    if (member.rest === '') return members;
    const [comma] = COMMA.exec(member.rest) ?? [];
    if (comma === undefined) return undefined;
    rest = member.rest.slice(comma.length);
  }
}

interface Member {
  readonly octets: Buffer;
  /** What follows the member and its parameters. */
  readonly rest: string;
}

function readMember(text: string): Member | undefined {
  const [sequence, base64 = '', padding = ''] = BYTE_SEQUENCE.exec(text) ?? [];
  if (sequence === undefined || !mayEndWith(padding, base64)) return undefined;
  let rest = text.slice(sequence.length);
  while (rest.startsWith(';')) {
    const [parameter] = PARAMETER.exec(rest) ?? [];
    if (parameter === undefined) return undefined;
    rest = rest.slice(parameter.length);
  }
  return { octets: Buffer.from(base64, 'base64'), rest };
}

/** Padding may be missing, and unused bits may be set (RFC 9651 section 4.2.7). One digit alone is less than an octet. */
function mayEndWith(padding: string, { length }: string): boolean {
  return length > 1 && length % 4 !== 1 && padding.length <= (4 - (length % 4)) % 4;
}

const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]*)(={0,2}):/;

const COMMA = /^[ \t]*,[ \t]*/;

/**
 * Section 4.2.3.2. The values are, in this order: a decimal, an integer, a string, a token, a byte sequence, a boolean, a
 * date and a display string.
 */
const PARAMETER =
  /^; *[a-z*][a-z0-9_.*-]*(?:=(?:-?\d{1,12}\.\d{1,3}|-?\d{1,15}|"(?:[ !#-[\]-~]|\\["\\])*"|[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*|:[A-Za-z0-9+/=]*:|\?[01]|@-?\d{1,15}|%"(?:[ !#$&-~]|%[0-9a-f]{2})*"))?/;
