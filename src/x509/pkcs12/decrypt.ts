import { createDecipheriv, getCipherInfo, hash, pbkdf2Sync } from 'node:crypto';

import { readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { Tag } from '../der/tag.js';
import { nameOf, Oid } from './algorithms.js';
import type { EncryptedPart } from './pfx.js';
import { readIterations } from './protection.js';

/** A password for OpenSSL: a Buffer if it is not UTF-8, undefined for no password, which differs from an empty one. */
export type Password = string | Buffer | undefined;

/** RFC 7292 appendix C: the cipher and the octets of its key. RC4 is also defined there, but no software uses it. */
const pkcs12Ciphers: ReadonlyMap<string, readonly [string, number]> = new Map([
  ['1.2.840.113549.1.12.1.3', ['des-ede3-cbc', 24]],
  ['1.2.840.113549.1.12.1.4', ['des-ede-cbc', 16]],
  ['1.2.840.113549.1.12.1.5', ['rc2-cbc', 16]],
  ['1.2.840.113549.1.12.1.6', ['rc2-40-cbc', 5]],
]);

/** Octets of a block of each of these ciphers. */
const VECTOR_LENGTH = 8;

/**
 * Decrypts an encrypted part. Needed because `parsePKCS12` does not return attributes; if only the certificates and the
 * key are needed, OpenSSL decrypts. Undefined if the algorithm is not supported here, its parameters are invalid, or
 * the padding shows that the password is wrong.
 */
export function decrypt(part: EncryptedPart, password: Password): Buffer | undefined {
  try {
    return part.algorithm.algorithm === Oid.pbes2 ? decryptPbes2(part, password) : decryptPbes1(part, password);
  } catch {
    return undefined;
  }
}

/** RFC 7292 appendix C. */
function decryptPbes1({ algorithm, ciphertext }: EncryptedPart, password: Password): Buffer | undefined {
  const [cipher, keyLength = 0] = pkcs12Ciphers.get(algorithm.algorithm) ?? [];
  const fields = algorithm.parameters?.inside();
  if (cipher === undefined || fields === undefined) return undefined;
  const salt = fields.take(Tag.octetString, 'a salt').content;
  const iterations = readIterations(fields);
  const secret = bmpString(password);
  const key = deriveOctets(1, secret, salt, iterations, keyLength);
  const vector = deriveOctets(2, secret, salt, iterations, VECTOR_LENGTH);
  return decipher(cipher, key, vector, ciphertext);
}

/** RFC 8018 section 6.2. */
function decryptPbes2({ algorithm, ciphertext }: EncryptedPart, password: Password): Buffer | undefined {
  const schemes = algorithm.parameters?.inside();
  const derivation = schemes && readAlgorithmIdentifier(schemes);
  const encryption = schemes && readAlgorithmIdentifier(schemes);
  // OpenSSL accepts the OID as the name of a cipher.
  const cipher = encryption?.algorithm;
  const keyLength = cipher === undefined ? undefined : getCipherInfo(cipher)?.keyLength;
  const fields = derivation?.algorithm === Oid.pbkdf2 ? derivation.parameters?.inside() : undefined;
  if (cipher === undefined || keyLength === undefined || fields === undefined) return undefined;
  const salt = fields.take(Tag.octetString, 'a salt').content;
  const iterations = readIterations(fields);
  fields.takeOptional(Tag.integer);
  const prf = fields.atEnd ? 'hmacWithSHA1' : (nameOf(readAlgorithmIdentifier(fields).algorithm) ?? '');
  const key = pbkdf2Sync(password ?? '', salt, iterations, keyLength, prf.replace('hmacWith', ''));
  const vector = encryption?.parameters;
  return vector?.tag === Tag.octetString ? decipher(cipher, key, vector.content, ciphertext) : undefined;
}

function decipher(name: string, key: Buffer, vector: Buffer, ciphertext: Buffer): Buffer {
  const cipher = createDecipheriv(name, key, vector);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
}

/** RFC 7292 appendix B.1: UTF-16, big-endian, two octets of zero at its end. */
function bmpString(password: Password): Buffer {
  if (password === undefined) return Buffer.alloc(0);
  const text = typeof password === 'string' ? password : password.toString('latin1');
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

/** Octets of a block of SHA-1. */
const BLOCK = 64;

/** RFC 7292 appendix B.2 with SHA-1. `purpose`: 1 makes a key, 2 an initialization vector. */
function deriveOctets(purpose: number, secret: Buffer, salt: Buffer, iterations: number, length: number): Buffer {
  const diversifier = Buffer.alloc(BLOCK, purpose);
  const input = Buffer.concat([repeated(salt), repeated(secret)]);
  const blocks: Buffer[] = [];
  for (let derived = 0; derived < length;) {
    let block = hash('sha1', Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round += 1) block = hash('sha1', block, 'buffer');
    blocks.push(block);
    derived += block.length;
    addToEachBlock(input, Buffer.alloc(BLOCK, block));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function repeated(octets: Buffer): Buffer {
  return octets.length === 0 ? octets : Buffer.alloc(Math.ceil(octets.length / BLOCK) * BLOCK, octets);
}

/** Adds `octets` and 1 to each block of `input`, as numbers modulo 2⁵¹². */
function addToEachBlock(input: Buffer, octets: Buffer): void {
  for (let start = 0; start < input.length; start += BLOCK) {
    let carry = 1;
    for (let index = BLOCK - 1; index >= 0; index -= 1) {
      const sum = input.readUInt8(start + index) + octets.readUInt8(index) + carry;
      input.writeUInt8(sum & 0xff, start + index);
      carry = sum >> 8;
    }
  }
}
