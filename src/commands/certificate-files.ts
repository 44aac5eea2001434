import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import type { TrustedCertificates } from '../explanation/explain-offline.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readPemList } from '../x509/certificate/pem.js';
import { readCertificate, type ReadResult } from '../x509/certificate/read-certificate.js';
import { nameKey } from '../x509/name/compare-names.js';
import { UsageError } from './report.js';

/** The first certificate of a file, and the others, which are its chain. */
interface CertificateFile {
  readonly leaf: ReadResult;
  readonly chain: readonly ReadResult[];
}

/** PEM or DER. */
export function readCertificateFile(path: string): CertificateFile {
  const [leaf, ...chain] = readFile(path).map(readCertificate);
  if (leaf === undefined) throw new UsageError(`${path} is empty.`);
  return { leaf, chain };
}

interface TrustFolder extends TrustedCertificates {
  /** A sentence for each certificate that cannot be read, and therefore is not trusted. */
  readonly leftOut: readonly string[];
}

const SUFFIXES: ReadonlySet<string> = new Set(['.pem', '.crt', '.cer', '.der']);

/**
 * The certificates of a folder. Those that name themselves as their issuer are anchors, the others intermediates; what is
 * in the subfolders `anchors` and `intermediates` is what they say.
 */
export function readTrustFolder(folder: string): TrustFolder {
  const anchors: DerCertificate[] = [];
  const intermediates: DerCertificate[] = [];
  const leftOut: string[] = [];
  const add = (path: string, isAnchor: (certificate: DerCertificate) => boolean): void => {
    for (const file of filesOf(path)) {
      for (const read of readFile(file).map(readCertificate)) {
        if (!read.ok) leftOut.push(`Left out: ${file}: ${read.message}`);
        else if (isAnchor(read.certificate)) anchors.push(read.certificate);
        else intermediates.push(read.certificate);
      }
    }
  };
  const entries = entriesOf(folder);
  add(folder, isSelfIssued);
  if (entries.includes('anchors')) add(join(folder, 'anchors'), () => true);
  if (entries.includes('intermediates')) add(join(folder, 'intermediates'), () => false);
  if (anchors.length === 0) {
    throw new UsageError(
      `${folder} has no anchor: no file (${[...SUFFIXES].join(', ')}) has a certificate that names itself as its issuer, and the subfolder "anchors" has none.`,
    );
  }
  return { anchors, intermediates, leftOut };
}

function isSelfIssued({ subject, issuer }: DerCertificate): boolean {
  return subject !== undefined && issuer !== undefined && nameKey(subject) === nameKey(issuer);
}

function filesOf(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((name) => SUFFIXES.has(extname(name).toLowerCase()))
    .map((name) => join(folder, name));
}

/** In the order of their names, so that a result does not depend on the disk. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw notReadable(folder, error);
  }
}

/** The DER of every certificate. */
function readFile(path: string): readonly Buffer[] {
  const bytes = contentOf(path);
  if (!bytes.includes('-----BEGIN ')) return bytes.length === 0 ? [] : [bytes];
  const pem = readPemList(bytes.toString('utf8'));
  if (pem.ok) return pem.ders;
  const [fault] = pem.faults;
  const place = fault?.index === undefined ? '' : `, block ${fault.index + 1}`;
  throw new UsageError(`${path}${place}: ${fault?.message ?? 'It cannot be read.'}`);
}

export function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw notReadable(path, error);
  }
}

function notReadable(path: string, error: unknown): UsageError {
  return new UsageError(
    `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`,
  );
}
