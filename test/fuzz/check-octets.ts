import { readCertificateStructure } from '../../src/x509/certificate/certificate-structure.js';
import { colonHex } from '../../src/x509/certificate/colon-hex.js';
import { DerCertificate } from '../../src/x509/certificate/der-certificate.js';
import { readPem, readPemList, toPem } from '../../src/x509/certificate/pem.js';
import { readCertificate } from '../../src/x509/certificate/read-certificate.js';
import { reading } from '../../src/x509/der/reading.js';
import { nameKey } from '../../src/x509/name/compare-names.js';
import { formatName } from '../../src/x509/name/format-name.js';
import { certificateIn, isKey } from '../../src/x509/pkcs12/bags.js';
import { toDer } from '../../src/x509/pkcs12/ber.js';
import { readDecryptedPart, readPfx } from '../../src/x509/pkcs12/pfx.js';
import { ocspValidity } from '../../src/x509/revocation/ocsp/ocsp-validity.js';
import { readOcspResponse } from '../../src/x509/revocation/ocsp/read-ocsp-response.js';
import { readCrl } from '../../src/x509/revocation/read-crl.js';
import { sourcesOf } from '../../src/x509/revocation/sources-of.js';

/** Runs `check`, which may throw only what the property allows, under the name that a finding has. */
export type Call = <T>(name: string, check: () => T) => T;

/** Every reader that takes octets from a caller. Only `DerError` is documented, and `reading` takes care of it. */
export function checkOctets(octets: Buffer, call: Call): void {
  const read = call('readCertificate', () => readCertificate(octets));
  if (read.ok) {
    const first = call('accessors', () => describe(read.certificate));
    const again = call('accessors', () => describe(read.certificate));
    if (first !== again) throw new Error('The certificate reads differently the second time.');
    const pem = call('toPem', () => toPem(octets));
    call('readPem', () => requireSame(readPem(pem), octets));
  } else if (read.message === '') {
    throw new Error('A refusal has no message.');
  }
  const structured = readStructure(octets);
  if (structured !== undefined) call('accessors of what OpenSSL refuses', () => describe(structured));
  const text = octets.toString('latin1');
  call('readPem', () => readPem(text));
  call('readPemList', () => readPemList(text));
  call('readPemList', () => readPemList(toPem(octets).repeat(3)));
  call('readPfx', () => readBags(octets));
  call('readDecryptedPart', () => reading(() => readDecryptedPart(octets)));
  call('toDer', () => readTwice(octets));
  call('readCrl', () => readEntries(octets));
  call('readOcspResponse', () => readAnswers(octets));
}

/** Also of a certificate that OpenSSL refuses, so that the readers of the parts meet more than it lets through. */
export function readStructure(der: Buffer): DerCertificate | undefined {
  const structure = reading(() => readCertificateStructure(der)).value;
  return structure && new DerCertificate(der, structure, new Date('2020-01-01'), new Date('2040-01-01'));
}

function describe(certificate: DerCertificate): string {
  const { subject, issuer } = certificate;
  return JSON.stringify([
    certificate.sha256.toString('hex'),
    colonHex(certificate.sha1),
    [subject, issuer].map((name) => name && [formatName(name), nameKey(name)]),
    certificate.serial,
    certificate.subjectKeyIdentifier,
    certificate.authorityKeyIdentifier,
    certificate.signatureAlgorithm,
    certificate.publicKey,
    certificate.publicKeySha256,
    [...(certificate.keyUsage ?? [])],
    [...(certificate.extendedKeyUsage ?? [])],
    certificate.basicConstraints,
    certificate.certificatePolicies,
    certificate.hasSubjectAlternativeName,
    certificate.subjectAlternativeNames,
    certificate.crlAddresses,
    certificate.ocspAddresses,
    certificate.caIssuersAddresses,
    certificate.findings,
    sourcesOf(certificate),
  ]);
}

function requireSame(pem: ReturnType<typeof readPem>, der: Buffer): void {
  // A text above 64 KiB is refused.
  if (pem.ok && !pem.der.equals(der)) throw new Error('A certificate differs after it was written as PEM.');
  if (!pem.ok && der.length < 40_000) throw new Error(`A certificate cannot be read from its PEM: ${pem.message}`);
}

function readBags(octets: Buffer): void {
  const pfx = reading(() => readPfx(octets)).value;
  for (const bag of pfx?.bags ?? []) if (!isKey(bag)) certificateIn(bag);
}

function readTwice(octets: Buffer): void {
  const der = reading(() => toDer(octets)).value;
  if (der !== undefined && !toDer(der).equals(der)) throw new Error('What toDer has written is changed by toDer.');
}

function readEntries(octets: Buffer): void {
  const crl = readCrl(octets).value;
  crl?.find(crl.issuerKey, Buffer.of(1));
}

function readAnswers(octets: Buffer): void {
  const { value, problems } = readOcspResponse(octets);
  if (value === undefined && problems.length === 0) throw new Error('A refusal has no message.');
  for (const { certId } of value?.responses ?? []) {
    if (value !== undefined && ocspValidity(value, certId) === undefined) throw new Error('An answer is not found.');
  }
}
