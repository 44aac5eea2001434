import { createHash, X509Certificate } from 'node:crypto';

import { expect, it } from 'vitest';

import { searchColumns } from '../src/certificates/search-columns.js';
import type { AlternativeName } from '../src/x509/certificate/alternative-name.js';
import type { Certificate } from '../src/x509/certificate/certificate.js';
import { readPem } from '../src/x509/certificate/pem.js';
import { readCertificate } from '../src/x509/certificate/read-certificate.js';
import { ofClass, pemOf } from './support/corpus.js';

const certificates = ofClass('wellformed').map((entry): [string, Certificate, X509Certificate] => {
  const pem = readPem(pemOf(entry));
  const read = pem.ok ? readCertificate(pem.der) : pem;
  if (!read.ok) throw new Error(`${entry.file}: ${read.message}`);
  return [entry.file, read.certificate, new X509Certificate(read.certificate.der)];
});

/** The labels of OpenSSL. */
const LABELS = { dns: 'DNS', email: 'email', uri: 'URI', ip: 'IP Address', registeredId: 'Registered ID' } as const;

/** As node:crypto lists names; undefined where it quotes one of them, or shows only that there is one. */
function listed(names: readonly AlternativeName[]): string | undefined {
  const texts = names.map(({ type, value }) =>
    type in LABELS && !/[,"'\\]/.test(value)
      ? `${LABELS[type as keyof typeof LABELS]}:${longForm(type, value)}`
      : undefined,
  );
  return texts.includes(undefined) ? undefined : texts.join(', ');
}

const groups = (text: string) => (text === '' ? [] : text.split(':'));

/** node:crypto does not shorten IPv6. */
function longForm(type: string, value: string): string {
  if (type !== 'ip' || !value.includes(':')) return value;
  const [before = '', after = ''] = value.toUpperCase().split('::');
  const zeros = 8 - groups(before).length - groups(after).length;
  return [...groups(before), ...Array.from({ length: zeros }, () => '0'), ...groups(after)].join(':');
}

it('2.8 subject alternative names agree with node:crypto', () => {
  let compared = 0;
  for (const [file, certificate, other] of certificates) {
    const names = listed(certificate.subjectAlternativeNames);
    const isComplete = certificate.findings.every(({ part }) => part !== 'subjectAltName');
    if (names === undefined || !isComplete) continue;
    expect(names, file).toBe(other.subjectAltName ?? '');
    if (names !== '') compared += 1;
  }
  expect(compared).toBeGreaterThan(10);
});

it('2.8 the addresses of OCSP responders and issuers agree with node:crypto', () => {
  let compared = 0;
  for (const [file, certificate, other] of certificates) {
    if (other.infoAccess?.includes('"') === true) continue;
    const lines = (other.infoAccess ?? '').split('\n');
    const of = (label: string) =>
      lines.filter((line) => line.startsWith(label)).map((line) => line.slice(label.length));
    expect(certificate.ocspAddresses, file).toEqual(of('OCSP - URI:'));
    expect(certificate.caIssuersAddresses, file).toEqual(of('CA Issuers - URI:'));
    compared += certificate.ocspAddresses.length + certificate.caIssuersAddresses.length;
  }
  expect(compared).toBeGreaterThan(5);
});

it('2.8 the digest of the public key agrees with node:crypto where it supports the key', () => {
  let compared = 0;
  for (const [file, certificate, other] of certificates) {
    const key = publicKeyOf(other);
    // It writes the parameters of a key anew.
    if (key === undefined || !certificate.der.includes(key)) continue;
    expect(certificate.publicKeySha256, file).toEqual(createHash('sha256').update(key).digest());
    compared += 1;
  }
  expect(compared).toBeGreaterThan(50);
});

it('2.8 extended key usage and certification authorities agree with node:crypto', () => {
  for (const [file, certificate, other] of certificates) {
    const isReadable = certificate.findings.every(({ part }) => part !== 'extKeyUsage');
    const purposes = certificate.extendedKeyUsage;
    if (isReadable) expect([...(purposes ?? [])], file).toEqual([...new Set(other.keyUsage)]);
    if (other.ca) expect(certificate.basicConstraints?.cA, file).toBe(true);
  }
});

it('2.8 every certificate of the corpus has search columns', () => {
  for (const [file, certificate] of certificates) {
    const columns = searchColumns(certificate);
    expect(columns.keyType, file).toMatch(/^[\w.-]+(:[\w.-]+)?$/);
    expect(columns.signatureAlgorithm, file).not.toBe('');
    const lists = [columns.subjectAlternativeNames, columns.keyUsage, columns.extendedKeyUsage];
    for (const list of lists) expect(list?.length, file).not.toBe(0);
  }
});

function publicKeyOf(certificate: X509Certificate): Buffer | undefined {
  try {
    return certificate.publicKey.export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}
