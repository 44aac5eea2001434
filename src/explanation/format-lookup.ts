import { printable } from '../common/printable.js';
import { NO_SUBJECT } from './certificate-fields.js';
import type { Paint } from './format-explanation.js';
import type { FoundCertificate, FoundReading } from './look-up.js';

const KINDS: Readonly<Record<string, string>> = {
  certificate: 'a certificate',
  fingerprintSha256: 'the SHA-256 of a certificate',
  fingerprintSha1: 'the SHA-1 of a certificate',
  publicKeySha256: 'the SHA-256 of a public key',
  subjectKeyIdentifier: 'a subject key identifier',
  authorityKeyIdentifier: 'the key identifier of an issuer',
  serial: 'a serial number',
  subject: 'the name of a subject',
  issuer: 'the name of an issuer',
  email: 'an e-mail address',
  extId: 'the extId of a credential',
  userExtId: 'the extId of a user',
  loginReference: 'the reference of a refused login',
  text: 'a part of a name or a number',
};

/** The text for a terminal: first what was found, then what else the text may be. */
export function formatLookup(readings: readonly FoundReading[], paint: Paint): string {
  const found = readings.filter(({ certificates, more }) => certificates.length > 0 || more);
  const others = readings.filter((reading) => !found.includes(reading)).map(({ kind }) => kindText(kind));
  const nothing = readings.length === 0 ? 'This cannot be looked up.' : 'Nothing was found.';
  return [
    ...(found.length === 0 ? [paint('bad', nothing)] : found.map((reading) => readingText(reading, paint))),
    ...(others.length === 0 ? [] : [paint('soft', `Nothing was found as ${others.join(', ')}.`)]),
  ].join('\n\n');
}

function readingText({ kind, value, certificates, more }: FoundReading, paint: Paint): string {
  return [
    `${paint('heading', `As ${kindText(kind)}`)}  ${printable(value)}`,
    ...certificates.map((certificate) => certificateText(certificate, paint)),
    ...(more ? [paint('warning', '  There are more, or the search took too long.')] : []),
  ].join('\n');
}

function certificateText({ extId, userExtId, subject, stateName, validTo }: FoundCertificate, paint: Paint): string {
  const state = `${printable(stateName ?? 'unknown')}, valid until ${printable(validTo ?? 'unknown')}`;
  return [
    `  user ${printable(userExtId)}  ${printable(subject ?? NO_SUBJECT)}`,
    paint('soft', `    credential ${printable(extId)}, ${state}`),
  ].join('\n');
}

function kindText(kind: string): string {
  return KINDS[kind] ?? printable(kind);
}
