import { createCipheriv, createHash, createHmac, pbkdf2Sync, webcrypto } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from './der.js';

const SALT = Buffer.alloc(8, 1);
const INITIALIZATION_VECTOR = Buffer.alloc(16, 2);

export const octets = (...contents: readonly Buffer[]): Buffer => tlv(Tag.octetString, ...contents);
export const explicit = (...contents: readonly Buffer[]): Buffer => tlv(0xa0, ...contents);

export function integer(value: number): Buffer {
  const digits = value.toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), '0');
  return tlv(Tag.integer, hex(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even));
}

/** A PKCS#12 file (RFC 7292), without a MAC where none is given. */
export function pfxOf(contents: readonly Buffer[], mac?: Buffer): Buffer {
  return sequence(integer(3), dataContent(...contents), ...(mac === undefined ? [] : [mac]));
}

/** A ContentInfo of type `data` with a SEQUENCE: of bags, or of contents for the outer one. */
export function dataContent(...elements: readonly Buffer[]): Buffer {
  return sequence(objectIdentifier('1.2.840.113549.1.7.1'), explicit(octets(sequence(...elements))));
}

/** A ContentInfo of `encryptedData`. */
export function encryptedContent(algorithm: Buffer, encrypted: Buffer): Buffer {
  return sequence(
    objectIdentifier('1.2.840.113549.1.7.6'),
    explicit(sequence(integer(0), sequence(objectIdentifier('1.2.840.113549.1.7.1'), algorithm, tlv(0x80, encrypted)))),
  );
}

function bag(type: number, value: Buffer, localKeyId?: string): Buffer {
  const attributes =
    localKeyId === undefined
      ? []
      : [
          tlv(
            Tag.set,
            sequence(objectIdentifier('1.2.840.113549.1.9.21'), tlv(Tag.set, octets(Buffer.from(localKeyId)))),
          ),
        ];
  return sequence(objectIdentifier(`1.2.840.113549.1.12.10.1.${type}`), explicit(value), ...attributes);
}

export const keyBag = (pkcs8: Buffer, localKeyId?: string): Buffer => bag(1, pkcs8, localKeyId);
export const shroudedKeyBag = (algorithm: Buffer, encrypted: Buffer): Buffer =>
  bag(2, sequence(algorithm, octets(encrypted)));
export const certificateBag = (der: Buffer, localKeyId?: string): Buffer =>
  bag(3, sequence(objectIdentifier('1.2.840.113549.1.9.22.1'), explicit(octets(der))), localKeyId);
export const nestedBag = (...bags: readonly Buffer[]): Buffer => bag(6, sequence(...bags));

/** The algorithm identifier of a scheme that takes salt and iteration count: RFC 7292 appendix C. */
export function passwordBased(algorithm: string, iterations: number): Buffer {
  return sequence(objectIdentifier(algorithm), sequence(octets(SALT), integer(iterations)));
}

interface Pbes2 {
  readonly iterations?: number;
  /** Dotted OIDs. */
  readonly derivation?: string;
  readonly prf?: string;
  readonly cipher?: string;
}

/** PBES2 (RFC 8018 appendix A.4); by default one round of PBKDF2 with SHA-256, and AES-128 in CBC mode. */
export function pbes2({
  iterations = 1,
  derivation = '1.2.840.113549.1.5.12',
  prf = '1.2.840.113549.2.9',
  cipher = '2.16.840.1.101.3.4.1.2',
}: Pbes2 = {}): Buffer {
  const parameters = sequence(octets(SALT), integer(iterations), sequence(objectIdentifier(prf)));
  return sequence(
    objectIdentifier('1.2.840.113549.1.5.13'),
    sequence(
      sequence(objectIdentifier(derivation), parameters),
      sequence(objectIdentifier(cipher), octets(INITIALIZATION_VECTOR)),
    ),
  );
}

/** Encrypts as `pbes2()` declares. */
export function encrypt(plain: Buffer, password: string | Buffer, digest = 'sha256'): Buffer {
  const cipher = createCipheriv('aes-128-cbc', pbkdf2Sync(password, SALT, 1, 16, digest), INITIALIZATION_VECTOR);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** A MacData, with a digest of zeros unless one is given. */
export function macOf(iterations: number, digest = '1.3.14.3.2.26', value = Buffer.alloc(20)): Buffer {
  return sequence(sequence(sequence(objectIdentifier(digest)), octets(value)), octets(SALT), integer(iterations));
}

export interface MacDigest {
  /** The name in node:crypto. */
  readonly name: string;
  readonly oid: string;
  /** Its block size in octets. */
  readonly block: number;
}

/**
 * The right MacData for a file with these contents, with one iteration. As the key is as long as the digest, the
 * derivation of RFC 7292 appendix B.2 is a single digest.
 */
export function macOver(contents: readonly Buffer[], password: string, { name, oid, block }: MacDigest): Buffer {
  const filled = (text: Buffer) => Buffer.alloc(Math.ceil(text.length / block) * block, text);
  const bmpString = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const key = createHash(name).update(Buffer.alloc(block, 3)).update(filled(SALT)).update(filled(bmpString)).digest();
  return macOf(
    1,
    oid,
    createHmac(name, key)
      .update(sequence(...contents))
      .digest(),
  );
}

/** The MAC of RFC 9579 instead, by PBKDF2 and the HMAC with this OID and digest. */
export function pbmac1Over(contents: readonly Buffer[], password: string, hmac: string, digest: string): Buffer {
  const parameters = sequence(octets(SALT), integer(1), integer(64), sequence(objectIdentifier(hmac)));
  const algorithm = sequence(
    objectIdentifier('1.2.840.113549.1.5.14'),
    sequence(sequence(objectIdentifier('1.2.840.113549.1.5.12'), parameters), sequence(objectIdentifier(hmac))),
  );
  const key = pbkdf2Sync(password, SALT, 1, 64, digest);
  const value = createHmac(digest, key)
    .update(sequence(...contents))
    .digest();
  return sequence(sequence(algorithm, octets(value)), octets(SALT), integer(1));
}

export async function pkcs8Of({ privateKey }: webcrypto.CryptoKeyPair): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
}
