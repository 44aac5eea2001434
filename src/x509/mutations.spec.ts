import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { corpusFolder, entries, pemOf } from '../../test/support/corpus.js';
import { pkcs12Entries, readPkcs12File } from '../../test/support/pkcs12-corpus.js';
import { randomFrom } from '../../test/support/random.js';
import { readPem, toPem } from './certificate/pem.js';
import { readCertificate } from './certificate/read-certificate.js';
import { formatName } from './name/format-name.js';
import { readPkcs12 } from './pkcs12/read-pkcs12.js';

const NOW = new Date('2026-06-01');
const MUTATIONS = 3_000;

/** Octets that are special as lengths, signs, ends or tags of DER. */
const INTERESTING_OCTETS = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x1f, 0x24, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff,
];

/** Makes one to four changes: sets an octet, flips a bit, removes, repeats or replaces a piece. */
function mutate(bytes: Buffer, other: Buffer, random: (limit: number) => number): Buffer {
  let mutated = Buffer.from(bytes);
  for (let changes = 1 + random(4); changes > 0 && mutated.length > 0; changes -= 1) {
    const start = random(mutated.length);
    const end = Math.min(mutated.length, start + 1 + random(16));
    const from = random(other.length);
    const replacements = [
      () => Buffer.of(INTERESTING_OCTETS[random(INTERESTING_OCTETS.length)] ?? 0, ...mutated.subarray(start + 1, end)),
      () => Buffer.of(mutated.readUInt8(start) ^ (1 << random(8)), ...mutated.subarray(start + 1, end)),
      () => Buffer.alloc(0),
      () => Buffer.concat([mutated.subarray(start, end), mutated.subarray(start, end)]),
      () => other.subarray(from, from + end - start),
    ];
    const replacement = replacements[random(replacements.length)]?.() ?? Buffer.alloc(0);
    mutated = Buffer.concat([mutated.subarray(0, start), replacement, mutated.subarray(end)]);
  }
  return mutated;
}

function mutationsOf(originals: readonly Buffer[], seed: number): Buffer[] {
  const random = randomFrom(seed);
  const pick = () => originals[random(originals.length)] ?? Buffer.alloc(1);
  return Array.from({ length: MUTATIONS }, () => mutate(pick(), pick(), random));
}

/** Decodes everything of a certificate; returns the message of a refusal. */
function show(der: Buffer): string {
  const result = readCertificate(der);
  if (!result.ok) return result.message;
  const { certificate } = result;
  const { subject, issuer, serial, publicKey, findings, signatureAlgorithm, keyUsage, extendedKeyUsage } = certificate;
  const names = [subject, issuer].map((name) => name && formatName(name));
  JSON.stringify([names, serial, publicKey, findings, signatureAlgorithm, keyUsage, extendedKeyUsage]);
  return certificate.hasSubjectAlternativeName ? '' : (certificate.subjectKeyIdentifier?.toString('hex') ?? '');
}

describe('mutated files', () => {
  const certificates = entries
    .filter(({ format }) => format === 'der')
    .map(({ file }) => readFileSync(join(corpusFolder, file)));

  it('2.9 a mutated certificate is read or refused, and never throws', () => {
    for (const der of mutationsOf(certificates, 1)) {
      expect(() => show(der), der.toString('base64')).not.toThrow();
    }
  });

  it('2.9 a mutated PEM text is read or refused, and never throws', () => {
    const texts = [...certificates.map(toPem), ...entries.map(pemOf)]
      .filter(({ length }) => length < 8_192)
      .map((original) => Buffer.from(original, 'latin1'));
    for (const text of mutationsOf(texts, 2)) {
      expect(() => {
        const pem = readPem(text.toString('latin1'));
        return pem.ok ? show(pem.der) : pem.message;
      }, text.toString('base64')).not.toThrow();
    }
  });

  it('PKCS#12: a mutated file is opened or refused with a message, and never throws', () => {
    const quick = pkcs12Entries.filter(({ max_iterations: count }) => (count ?? 1) <= 2_048);
    // A raised iteration count would only be slow here; the reading process limits the time.
    const files = mutationsOf(
      quick.map(({ file }) => readPkcs12File(file)),
      3,
    );
    for (const file of files.slice(0, 1_000)) {
      for (const password of [undefined, '1234']) {
        const result = readPkcs12(file, password, NOW);
        expect(result.ok || result.message.length > 0, file.toString('base64')).toBe(true);
      }
    }
  });
});
