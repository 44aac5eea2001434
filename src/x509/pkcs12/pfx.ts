import { readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { type DerReader, readSequence } from '../der/der-reader.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { contextConstructed, Tag } from '../der/tag.js';
import { Oid } from './algorithms.js';
import { toDer } from './ber.js';
import { type Protection, readIterations, readProtection } from './protection.js';

/** What a PKCS#12 file (RFC 7292 section 4) says about itself before any key is derived. */
export interface Pfx {
  /** The file with definite lengths; what the MAC covers is untouched. */
  readonly der: Buffer;
  /** Whether a MAC tells a wrong password and a damaged file. */
  readonly hasMac: boolean;
  /** Of the MAC, of every encrypted part, and of every key that does not lie inside an encrypted part. */
  readonly protections: readonly Protection[];
}

/** @throws DerError where the structure cannot be read. */
export function readPfx(file: Buffer): Pfx {
  const der = toDer(file);
  const fields = readSequence(der, 'the file');
  fields.take(Tag.integer, 'the version');
  const authSafe = readContentInfo(fields);
  const mac = fields.takeOptional(Tag.sequence);
  fields.finish('the file');
  const protections = mac === undefined ? [] : [readMac(mac.inside())];
  return { der, hasMac: mac !== undefined, protections: [...protections, ...readAuthSafe(authSafe)] };
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

function readAuthSafe({ type, content }: ContentInfo): Protection[] {
  if (type !== Oid.data) return [only(type)];
  const protections: Protection[] = [];
  const contents = readOctets(content, 'the list of contents');
  while (!contents.atEnd) protections.push(...readContent(readContentInfo(contents)));
  return protections;
}

function readContent({ type, content }: ContentInfo): Protection[] {
  if (type === Oid.data) return readSafeContents(readOctets(content, 'a list of bags'));
  if (type !== Oid.encryptedData) return [only(type)];
  const fields = content.take(Tag.sequence, 'an encrypted content').inside();
  fields.take(Tag.integer, 'a version');
  const encrypted = fields.take(Tag.sequence, 'an encrypted content').inside();
  encrypted.take(Tag.objectIdentifier, 'a content type');
  return [readProtection(readAlgorithmIdentifier(encrypted))];
}

/** Walks the bags, and those inside them: nesting is as deep as `toDer` allows. */
function readSafeContents(bags: DerReader): Protection[] {
  const protections: Protection[] = [];
  while (!bags.atEnd) {
    const bag = bags.take(Tag.sequence, 'a bag').inside();
    const type = readObjectIdentifier(bag.take(Tag.objectIdentifier, 'a bag type'));
    const value = bag.take(contextConstructed(0), 'a bag value').inside();
    if (type === Oid.safeContentsBag) {
      protections.push(...readSafeContents(value.take(Tag.sequence, 'a list of bags').inside()));
    } else if (type === Oid.shroudedKeyBag) {
      const key = value.take(Tag.sequence, 'an encrypted private key').inside();
      protections.push(readProtection(readAlgorithmIdentifier(key)));
    }
  }
  return protections;
}

/** The elements of the SEQUENCE inside an OCTET STRING, which may be BER again. */
function readOctets(content: DerReader, what: string): DerReader {
  return readSequence(toDer(content.take(Tag.octetString, what).content), what);
}

/** RFC 7292 section 4: the digest is an algorithm of its own, or PBMAC1 (RFC 9579), whose parameters count instead. */
function readMac(fields: DerReader): Protection {
  const digest = fields.take(Tag.sequence, 'a digest').inside();
  const protection = readProtection(readAlgorithmIdentifier(digest));
  fields.take(Tag.octetString, 'a salt');
  if (fields.atEnd) return protection;
  return { ...protection, iterations: [...protection.iterations, readIterations(fields)] };
}

function only(algorithm: string): Protection {
  return { algorithms: [algorithm], iterations: [] };
}
