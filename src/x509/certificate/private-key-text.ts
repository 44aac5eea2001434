/** `openssl x509 -text` prints an extension of this name; it is no key. */
const NAMED = /private[^a-z0-9]{0,8}key(?!\s{1,8}usage\s{1,8}period)/i;

/** Keys that other tools write under other names, the second one in base64. */
const OTHER_FORMATS = /PuTTY-User-Key-File|openssh-key-v1|b3BlbnNzaC1rZXktdjE/i;

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;

/** How the contents of a SEQUENCE that is or holds a private key begin, as hex, beside `isPrivateKeyInfo`. */
const KEY_STRUCTURES: readonly RegExp[] = [
  // RSAPrivateKey (RFC 8017), DSA and the like: version 0 or 1, a first number.
  /^02010[01]02/,
  // ECPrivateKey (RFC 5915): version 1, the key.
  /^02010104/,
  // EncryptedPrivateKeyInfo (RFC 5958): an algorithm of PKCS #5 or PKCS #12.
  /^30(?:[0-7].|81..|82....)06(?:092a864886f70d0105|0a2a864886f70d010c01)/,
  // PFX (RFC 7292): version 3, a ContentInfo of signed or other data.
  /^02010330(?:[0-7].|8[0-3][0-9a-f]{0,6}?)06092a864886f70d0107/,
];

/** Whether a text says that it holds a private key, in whatever spelling. */
export function namesPrivateKey(text: string): boolean {
  return NAMED.test(text.normalize('NFKC')) || OTHER_FORMATS.test(text);
}

/**
 * Whether a private key stands in `text` as base64 without any label. Where in the text the base64 begins is not known,
 * so it is decoded from each of the four places that a group of characters may begin at.
 */
export function holdsPrivateKey(text: string): boolean {
  const base64 = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  return [0, 1, 2, 3].some((start) => holdsKeyStructure(Buffer.from(base64.slice(start), 'base64')));
}

function holdsKeyStructure(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(SEQUENCE); at >= 0; at = bytes.indexOf(SEQUENCE, at + 1)) {
    const contents = contentsAt(bytes, at)?.start;
    // An INTEGER or a SEQUENCE comes first in each.
    if (contents === undefined || (bytes[contents] !== 0x02 && bytes[contents] !== SEQUENCE)) continue;
    const head = bytes.toString('hex', contents, contents + 24);
    if (isPrivateKeyInfo(bytes, contents) || KEY_STRUCTURES.some((structure) => structure.test(head))) return true;
  }
  return false;
}

/** PrivateKeyInfo and OneAsymmetricKey (RFC 5958): version 0 or 1, AlgorithmIdentifier, the key. */
function isPrivateKeyInfo(bytes: Buffer, contents: number): boolean {
  if (bytes[contents] !== 0x02 || bytes[contents + 1] !== 1 || (bytes[contents + 2] ?? 2) > 1) return false;
  const algorithm = bytes[contents + 3] === SEQUENCE ? contentsAt(bytes, contents + 3) : undefined;
  return (
    algorithm !== undefined &&
    bytes[algorithm.start] === OBJECT_IDENTIFIER &&
    bytes[algorithm.start + algorithm.length] === OCTET_STRING
  );
}

/** Where the contents of the value at `at` begin, and their length, of at most three octets. */
function contentsAt(bytes: Buffer, at: number): { readonly start: number; readonly length: number } | undefined {
  const first = bytes[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, length: first };
  const octets = first - 0x80;
  if (octets < 1 || octets > 3 || at + 2 + octets > bytes.length) return undefined;
  return { start: at + 2 + octets, length: bytes.readUIntBE(at + 2, octets) };
}
