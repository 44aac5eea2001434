import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { certificateOf, type CertificateParts, extension, hex, sequence, tlv } from '../../../test/support/der.js';
import type { Finding } from './certificate.js';
import { FINDING_CODES, findingCode } from './finding-codes.js';
import { readCertificate } from './read-certificate.js';

function findingsOf(parts: CertificateParts): readonly Finding[] {
  const result = readCertificate(certificateOf(parts));
  if (!result.ok) throw new Error(result.message);
  return result.certificate.findings;
}

/** The folders whose functions read certificates. */
const FOLDERS = ['.', 'extensions', '../der', '../name'].map((folder) => join(import.meta.dirname, folder));

/** A clause as it is reported, or the constant part of one that names a structure. */
const CLAUSES =
  /(?:problems\.push|new DerError)\(\s*(?:[\w.]+ \? )?(?<clause>'[^']+'|`[^`]+`)(?: : (?<other>'[^']+'))?/g;

function clausesInSource(): readonly string[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
      .map((file) => join(folder, file)),
  );
  const found = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(CLAUSES)]);
  return found
    .flatMap(({ groups }) => [groups?.['clause'], groups?.['other']])
    .filter((clause) => clause !== undefined)
    .map((clause) =>
      clause
        .slice(1, -1)
        .replace('${LONG_NAME_LENGTH}', '4096')
        .replace(/^\$\{\w+\}/, '…'),
    );
}

describe('the codes of findings', () => {
  it('2.9 every clause in the source has a code, and every code has a clause', () => {
    expect([...new Set(clausesInSource())].toSorted()).toEqual(Object.values(FINDING_CODES).toSorted());
  });

  it('2.9 a clause that names a structure has the code of its kind', () => {
    expect(findingCode('the subject is missing or has a wrong type')).toBe('missingValue');
    expect(findingCode('an IA5String contains characters that the type forbids')).toBe('forbiddenCharacters');
    expect(() => findingCode('it is blue')).toThrow('No code stands for the clause');
  });

  it.each<[string, CertificateParts, string, string]>([
    ['of a field', { serialNumber: hex('0201ff') }, 'negativeSerialNumber', '4.1.2.2'],
    ['of an extension', { extensions: [extension('2.5.29.37', sequence())] }, 'noKeyPurpose', '4.2.1.12'],
    ['of criticality', { extensions: [extension('2.5.29.14', hex('0401ab'), true)] }, 'critical', '4.2.1.2'],
    [
      'of unique identifiers before v2',
      { version: Buffer.alloc(0), afterPublicKey: tlv(0x81, hex('00ab')) },
      'uniqueIdentifiersInV1',
      '4.1.2.8',
    ],
    ['of an empty list of extensions', { extensions: [] }, 'emptyExtensionList', '4.1.2.9'],
    [
      'of an empty subject',
      { subject: sequence(), extensions: [extension('1.2.3', hex('0500'))] },
      'noNameOfSubject',
      '4.1.2.6',
    ],
  ])('2.9 a finding has its code and the section of RFC 5280: %s', (_, parts, code, section) => {
    expect(findingsOf(parts)).toMatchObject([{ code, section: `RFC 5280 section ${section}` }]);
  });
});
