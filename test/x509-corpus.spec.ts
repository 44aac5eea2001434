import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readCorpusCertificate } from '../src/conformance/certificate-corpus.js';
import { wrongFields } from '../src/conformance/certificate-fields.js';
import type { Certificate } from '../src/x509/certificate/certificate.js';
import { colonHex } from '../src/x509/certificate/colon-hex.js';
import { toPem } from '../src/x509/certificate/pem.js';
import type { ReadResult } from '../src/x509/certificate/read-certificate.js';
import { corpusFolder as folder, entries, type Entry, ofClass } from './support/corpus.js';

const read = (entry: Entry): ReadResult => readCorpusCertificate(entry, readFileSync(join(folder, entry.file)));

function expectFields({ file, expected }: Entry, certificate: Certificate): void {
  if (expected !== undefined) expect(wrongFields(certificate, expected), file).toEqual([]);
}

describe('certificates from other projects', () => {
  it('2.8 every field of every well-formed certificate agrees with OpenSSL, pyca and the raw bytes', () => {
    expect(ofClass('wellformed').length).toBeGreaterThanOrEqual(60);
    for (const entry of ofClass('wellformed')) {
      const result = read(entry);
      expect(result, entry.file).toMatchObject({ ok: true });
      if (result.ok) expectFields(entry, result.certificate);
    }
  });

  it('2.9 no malformed certificate is accepted', () => {
    expect(ofClass('malformed').length).toBeGreaterThan(0);
    for (const entry of ofClass('malformed')) expect(read(entry), entry.file).toMatchObject({ ok: false });
  });

  it('2.9 a certificate that other parsers disagree on is refused, or its fields are right', () => {
    const refused: Record<string, string> = {};
    for (const entry of ofClass('disputed')) {
      const result = read(entry);
      if (result.ok) expectFields(entry, result.certificate);
      else refused[entry.file] = result.message;
    }
    expect(refused).toEqual({
      'boringssl-pki/pki__testdata__parse_certificate_unittest__bad_validity.pem':
        'The notBefore time of the certificate cannot be read.',
      'limbo-assets/limbo___assets__cryptography.io_mismatched.1.pem':
        'The signature algorithm inside the certificate is not the one outside.',
      'pyca-vectors/custom__mismatch_inner_outer_sig_algorithm.der':
        'The signature algorithm inside the certificate is not the one outside.',
      'pyca-vectors/v1_cert.pem': 'The signature algorithm inside the certificate is not the one outside.',
      'x509-parser/assets__duplicate_value_in_authority_info_access.der':
        'There is data after the end of the certificate; remove it: openssl x509 -in FILE -out NEWFILE.',
      'zlint/v3__testdata__mismatchingSigAlgsBadParams.pem':
        'The signature algorithm inside the certificate is not the one outside.',
    });
  });

  it('2.8 fingerprints, serial, algorithm and PEM agree with node:crypto', () => {
    for (const entry of entries) {
      const result = read(entry);
      if (!result.ok) continue;
      const { certificate } = result;
      const other = new X509Certificate(toPem(certificate.der));
      expect(
        {
          sha256: colonHex(certificate.sha256),
          sha1: colonHex(certificate.sha1),
          serial: certificate.serial === '00' ? '0' : certificate.serial,
          signatureAlgorithm: certificate.signatureAlgorithm,
          pem: toPem(certificate.der),
        },
        entry.file,
      ).toEqual({
        sha256: other.fingerprint256,
        sha1: other.fingerprint,
        serial: other.serialNumber,
        signatureAlgorithm: other.signatureAlgorithm ?? other.signatureAlgorithmOid,
        pem: other.toString(),
      });
      expect(createHash('sha1').update(other.raw).digest()).toEqual(certificate.sha1);
    }
  });

  it('6.1 key type, size and curve agree with node:crypto where it supports the key', () => {
    let compared = 0;
    for (const entry of ofClass('wellformed')) {
      const result = read(entry);
      if (!result.ok) continue;
      const { type, bits, curve } = result.certificate.publicKey;
      const key = orUndefined(() => new X509Certificate(result.certificate.der).publicKey);
      if (key?.asymmetricKeyType === undefined) continue;
      compared += 1;
      expect(type.toLowerCase(), entry.file).toBe(key.asymmetricKeyType);
      expect(bits, entry.file).toBe(
        key.asymmetricKeyDetails?.modulusLength ?? (curve === undefined ? undefined : bits),
      );
      const named = key.asymmetricKeyDetails?.namedCurve;
      expect(curve, entry.file).toBe(named === undefined ? undefined : (nistNames[named] ?? named));
    }
    expect(compared).toBeGreaterThan(60);
  });
});

const nistNames: Record<string, string> = {
  secp224r1: 'P-224',
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
