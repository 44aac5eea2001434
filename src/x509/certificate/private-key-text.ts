/** OpenSSL, GnuTLS and keytool print an extension and a type of entry with these names, which are not keys. */
const NAMED = /private[^a-z0-9]{0,8}key(?!\s{1,8}usage\s{1,8}period|Usage\b|Entry\b)/i;

/** Keys in the formats of other tools; the second pattern is the base64 of the first. */
const OTHER_FORMATS = /PuTTY-User-Key-File|openssh-key-v1|b3BlbnNzaC1rZXktdjE/i;

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;

/** The first bytes, in hex, of a SEQUENCE that is or contains a private key, in addition to `isPrivateKeyInfo`. */
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

/** Whether the text mentions a private key, in any spelling. */
export function mentionsPrivateKey(text: string): boolean {
  return NAMED.test(text.normalize('NFKC')) || OTHER_FORMATS.test(text);
}

/**
 * Whether `text` contains a private key as base64 without a label. The start of the base64 is unknown, so it is decoded
 * from each of the four possible offsets within a group of characters.
 */
export function containsPrivateKey(text: string): boolean {
  const base64 = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  if (base64 === '') return false;
  return [0, 1, 2, 3].some((start) => containsKeyStructure(Buffer.from(base64.slice(start), 'base64')));
}

function containsKeyStructure(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(SEQUENCE); at >= 0; at = bytes.indexOf(SEQUENCE, at + 1)) {
    const contents = contentsAt(bytes, at)?.start;
    // All of them begin with an INTEGER or a SEQUENCE.
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

/** The start and the length of the contents of the value at `at`; the length has at most three octets. */
function contentsAt(bytes: Buffer, at: number): { readonly start: number; readonly length: number } | undefined {
  const first = bytes[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, length: first };
  const octets = first - 0x80;
  if (octets < 1 || octets > 3 || at + 2 + octets > bytes.length) return undefined;
  return { start: at + 2 + octets, length: bytes.readUIntBE(at + 2, octets) };
}
