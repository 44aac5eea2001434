import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { type DerReader, readSequence } from '../der/der-reader.js';
import { encode } from '../der/encode.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { contextConstructed, contextPrimitive, Tag } from '../der/tag.js';
import { Oid } from './algorithms.js';
import { type Bag, readBags } from './bags.js';
import { firstToDer, toDer } from './ber.js';
import { type Protection, readIterations, readProtection } from './protection.js';

/** The contents of a PKCS#12 file (RFC 7292 section 4) that can be read without deriving a key. */
export interface Pfx {
  /** The file with definite lengths and without trailing data; the part covered by the MAC is unchanged. */
  readonly der: Buffer;
  /** Dotted OID; undefined if there is no MAC, which would reveal a wrong password or a damaged file. */
  readonly macAlgorithm: string | undefined;
  /** The protections of the MAC, of every encrypted part, and of every key outside of the encrypted parts. */
  readonly protections: readonly Protection[];
  /** The bags outside of the encrypted parts. */
  readonly bags: readonly Bag[];
  readonly encryptedParts: readonly EncryptedPart[];
}

export interface EncryptedPart {
  readonly algorithm: AlgorithmIdentifier;
  readonly ciphertext: Buffer;
}

/** The contribution of one content to the file. */
type Content = Pick<Pfx, 'protections' | 'bags' | 'encryptedParts'>;

/** @throws DerError if the structure cannot be read. */
export function readPfx(file: Buffer): Pfx {
  const der = firstToDer(file);
  const fields = readSequence(der, 'the file');
  fields.take(Tag.integer, 'the version');
  const authSafe = readContentInfo(fields);
  const mac = fields.takeOptional(Tag.sequence);
  fields.finish('the file');
  const macProtections = mac === undefined ? [] : [readMac(mac.inside())];
  const contents = readAuthSafe(authSafe);
  return {
    der,
    macAlgorithm: macProtections[0]?.algorithms[0],
    protections: [...macProtections, ...contents.flatMap(({ protections }) => protections)],
    bags: contents.flatMap(({ bags }) => bags),
    encryptedParts: contents.flatMap(({ encryptedParts }) => encryptedParts),
  };
}

interface ContentInfo {
  /** Dotted OID. */
  readonly type: string;
  readonly content: DerReader;
}

function readContentInfo(reader: DerReader): ContentInfo {
  const fields = reader.take(Tag.sequence, 'a content').inside();
  const type = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'a content type'));
  return { type, content: fields.take(contextConstructed(0), 'a content').inside() };
}

function readAuthSafe({ type, content }: ContentInfo): Content[] {
  if (type !== Oid.data) return [unknown(type)];
  const contents: Content[] = [];
  const list = readOctets(content, 'the list of contents');
  while (!list.atEnd) contents.push(readContent(readContentInfo(list)));
  return contents;
}

function readContent({ type, content }: ContentInfo): Content {
  if (type === Oid.data) {
    const bags = readBags(readOctets(content, 'a list of bags'));
    const shrouded = bags.filter((bag) => bag.type === Oid.shroudedKeyBag);
    const protections = shrouded.map((bag) => readProtection(readShroudedKey(bag).algorithm));
    return { protections, bags, encryptedParts: [] };
  }
  if (type !== Oid.encryptedData) return unknown(type);
  const fields = content.take(Tag.sequence, 'an encrypted content').inside();
  fields.take(Tag.integer, 'a version');
  const encrypted = fields.take(Tag.sequence, 'an encrypted content').inside();
  encrypted.take(Tag.objectIdentifier, 'a content type');
  const algorithm = readAlgorithmIdentifier(encrypted);
  const ciphertext = readCiphertext(encrypted);
  return { protections: [readProtection(algorithm)], bags: [], encryptedParts: [{ algorithm, ciphertext }] };
}

/** An OCTET STRING with an IMPLICIT tag, primitive or constructed; OpenSSL rejects a file without it. */
function readCiphertext(encrypted: DerReader): Buffer {
  const pieces = encrypted.takeOptional(contextConstructed(0));
  if (pieces === undefined) return encrypted.takeOptional(contextPrimitive(0))?.content ?? Buffer.alloc(0);
  return readSequence(toDer(encode(Tag.sequence, encode(Tag.octetString | 0x20, pieces.content))), 'a content').next()
    .content;
}

/** An EncryptedPrivateKeyInfo (RFC 5958 section 3). */
export function readShroudedKey({ value }: Bag): EncryptedPart {
  const key = value.inside().take(Tag.sequence, 'an encrypted private key').inside();
  const algorithm = readAlgorithmIdentifier(key);
  return { algorithm, ciphertext: key.takeOptional(Tag.octetString)?.content ?? Buffer.alloc(0) };
}

/** The bags in a decrypted part. */
export function readDecryptedPart(plain: Buffer): Bag[] {
  return readBags(readSequence(toDer(plain), 'a list of bags'));
}

/** A file with these bags, without a MAC and without encrypted parts. */
export function pfxOfBags(bags: readonly Buffer[]): Buffer {
  const version = encode(Tag.integer, Buffer.of(3));
  return encode(Tag.sequence, Buffer.concat([version, dataOf([dataOf(bags)])]));
}

function dataOf(elements: readonly Buffer[]): Buffer {
  const octets = encode(Tag.octetString, encode(Tag.sequence, Buffer.concat(elements)));
  return encode(Tag.sequence, Buffer.concat([DATA, encode(contextConstructed(0), octets)]));
}

/** The encoded `Oid.data`. */
const DATA = Buffer.from('06092a864886f70d010701', 'hex');

/** The elements of the SEQUENCE in an OCTET STRING, which may itself be BER. */
function readOctets(content: DerReader, what: string): DerReader {
  return readSequence(toDer(content.take(Tag.octetString, what).content), what);
}

/** RFC 7292 section 4: the digest algorithm, or PBMAC1 (RFC 9579), whose parameters are used instead. */
function readMac(fields: DerReader): Protection {
  const digest = fields.take(Tag.sequence, 'a digest').inside();
  const protection = readProtection(readAlgorithmIdentifier(digest));
  fields.take(Tag.octetString, 'a salt');
  if (fields.atEnd) return protection;
  return { ...protection, iterations: [...protection.iterations, readIterations(fields)] };
}

function unknown(type: string): Content {
  return { protections: [{ algorithms: [type], iterations: [] }], bags: [], encryptedParts: [] };
}
