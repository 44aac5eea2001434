import { readPem } from '../x509/certificate/pem.js';
import { readCertificate, type ReadResult } from '../x509/certificate/read-certificate.js';
import { type ExpectedFields, wrongFields } from './certificate-fields.js';
import { cpuTime } from './cpu-time.js';
import type { Evaluated, Mistake } from './tally.js';

/** An entry of the manifest of a folder of certificates. */
export interface CertificateEntry {
  readonly file: string;
  readonly format: 'pem' | 'der' | 'pem-raw';
  /** By the vote of four other parsers. */
  readonly class: 'wellformed' | 'disputed' | 'malformed';
  readonly expected?: ExpectedFields;
}

/** What is read must be right. A well-formed certificate must be read, a malformed one refused. */
export function evaluateCertificate(entry: CertificateEntry, bytes: Buffer): Evaluated {
  const started = cpuTime();
  const result = readCorpusCertificate(entry, bytes);
  const wrong = result.ok && entry.expected !== undefined ? wrongFields(result.certificate, entry.expected) : [];
  const ms = cpuTime() - started;
  const outcome = result.ok ? ['read', ...wrong].join('; ') : result.message;
  return { name: entry.file, mistake: mistakeIn(entry, result.ok, wrong.length > 0), outcome, ms };
}

export function readCorpusCertificate({ format }: CertificateEntry, bytes: Buffer): ReadResult {
  if (format === 'der') return readCertificate(bytes);
  const pem = readPem(bytes.toString('utf8'));
  return pem.ok ? readCertificate(pem.der) : pem;
}

function mistakeIn(entry: CertificateEntry, isRead: boolean, isWrong: boolean): Mistake | undefined {
  if (isRead && entry.class === 'malformed') return 'falseAccept';
  if (!isRead && entry.class === 'wellformed') return 'falseReject';
  return isWrong ? 'otherwiseWrong' : undefined;
}
