import { createCipheriv, createHmac, hash, pbkdf2Sync, randomBytes } from 'node:crypto';

import { contextConstructed, contextPrimitive, Tag } from '../x509/der/tag.js';
import { integer, objectIdentifier, octets, sequence, tlv } from './der-writer.js';

const ITERATIONS = 2048;
const NULL = tlv(Tag.null);
const explicit = (content: Buffer): Buffer => tlv(contextConstructed(0), content);

/**
 * A PKCS#12 file (RFC 7292) like those of OpenSSL 3: certificate and private key under PBES2 with AES-256 and
 * PBKDF2-SHA-256, and a MAC of SHA-256. `privateKey` is PKCS#8 DER; the password has no characters beyond UCS-2.
 */
export function writePkcs12(certificate: Buffer, privateKey: Buffer, password: string): Buffer {
  const certificateBag = bag('1.2.840.113549.1.12.10.1.3', [
    objectIdentifier('1.2.840.113549.1.9.22.1'),
    explicit(octets(certificate)),
  ]);
  const key = encrypt(privateKey, password);
  const keyBag = bag('1.2.840.113549.1.12.10.1.2', [key.algorithm, octets(key.ciphertext)]);
  const certificates = encrypt(sequence(certificateBag), password);
  const safe = sequence(
    sequence(
      objectIdentifier('1.2.840.113549.1.7.6'),
      explicit(
        sequence(
          integer(0),
          sequence(
            objectIdentifier('1.2.840.113549.1.7.1'),
            certificates.algorithm,
            tlv(contextPrimitive(0), certificates.ciphertext),
          ),
        ),
      ),
    ),
    data(sequence(keyBag)),
  );
  return sequence(integer(3), data(safe), mac(safe, password));
}

function bag(type: string, value: readonly Buffer[]): Buffer {
  return sequence(objectIdentifier(type), explicit(sequence(...value)));
}

function data(content: Buffer): Buffer {
  return sequence(objectIdentifier('1.2.840.113549.1.7.1'), explicit(octets(content)));
}

/** PBES2 (RFC 8018 section 6.2). */
function encrypt(plain: Buffer, password: string): { algorithm: Buffer; ciphertext: Buffer } {
  const salt = randomBytes(16);
  const initializationVector = randomBytes(16);
  const key = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, initializationVector);
  const prf = sequence(objectIdentifier('1.2.840.113549.2.9'), NULL);
  const derivation = sequence(
    objectIdentifier('1.2.840.113549.1.5.12'),
    sequence(octets(salt), integer(ITERATIONS), prf),
  );
  const encryption = sequence(objectIdentifier('2.16.840.1.101.3.4.1.42'), octets(initializationVector));
  return {
    algorithm: sequence(objectIdentifier('1.2.840.113549.1.5.13'), sequence(derivation, encryption)),
    ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

function mac(content: Buffer, password: string): Buffer {
  const salt = randomBytes(16);
  const digest = createHmac('sha256', macKey(password, salt)).update(content).digest();
  const algorithm = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), NULL);
  return sequence(sequence(algorithm, octets(digest)), octets(salt), integer(ITERATIONS));
}

/** RFC 7292 appendix B.2 for one block of SHA-256, which is all that its HMAC needs. */
function macKey(password: string, salt: Buffer): Buffer {
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  let key = Buffer.concat([Buffer.alloc(64, 3), filled(salt), filled(text)]);
  for (let round = 0; round < ITERATIONS; round += 1) key = hash('sha256', key, 'buffer');
  return key;
}

/** Repeated to whole blocks of SHA-256's input. */
function filled(bytes: Buffer): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / 64) * 64, bytes);
}
