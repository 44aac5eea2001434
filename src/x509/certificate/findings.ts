import type { DerValue } from '../der/der-reader.js';
import { reading } from '../der/reading.js';
import { isFormattedLonger } from '../name/format-name.js';
import type { Name } from '../name/name.js';
import { readName } from '../name/read-name.js';
import { type CertificateStructure, checkVersion } from './certificate-structure.js';
import type { Finding } from './certificate.js';
import { subjectAltName } from './extensions/alternative-names.js';
import type { Extension } from './extensions/extension.js';
import { knownExtensions } from './extensions/known-extensions.js';
import { findingCode, findingSection, PART_SECTIONS } from './finding-codes.js';
import { readPublicKey } from './public-key.js';
import { checkSerialNumber } from './serial-number.js';
import { checkValidityTime } from './validity.js';

/** All deviations of an accepted certificate from RFC 5280, without duplicates, in the order of the DER. */
export function collectFindings(structure: CertificateStructure): readonly Finding[] {
  const parts: readonly Part[] = [
    { part: 'version', check: (problems) => checkVersion(structure, problems) },
    { part: 'serialNumber', check: (problems) => checkSerialNumber(structure.serialNumber, problems) },
    { part: 'issuer', check: (problems) => checkIssuer(structure.issuer, problems) },
    { part: 'validity', check: (problems) => checkValidityTime(structure.notBefore, problems) },
    { part: 'validity', check: (problems) => checkValidityTime(structure.notAfter, problems) },
    { part: 'subject', check: (problems) => checkName(structure.subject, problems) },
    {
      part: 'subjectPublicKeyInfo',
      check: (problems) => readPublicKey(structure.publicKeyAlgorithm, structure.subjectPublicKey, problems),
    },
    { part: 'extensions', check: (problems) => checkExtensionList(structure, problems) },
  ];
  const findings = new Map<string, Finding>();
  const add = (part: string, section: string, check: (problems: string[]) => unknown) => {
    for (const clause of reading(check).problems) {
      const key = `${part} ${clause}`;
      if (!findings.has(key)) findings.set(key, finding(part, section, clause));
    }
  };
  for (const { part, check } of parts) add(part, PART_SECTIONS[part], check);
  for (const extension of structure.extensions ?? []) {
    const { name, section } = knownExtensions.get(extension.oid) ?? {
      name: extension.oid,
      section: PART_SECTIONS.extensions,
    };
    add(name, section, (problems) => checkExtension(extension, problems));
  }
  return [...findings.values()];
}

interface Part {
  readonly part: keyof typeof PART_SECTIONS;
  readonly check: (problems: string[]) => unknown;
}

function finding(part: string, partSection: string, clause: string): Finding {
  const code = findingCode(clause);
  const detail = `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
  return { code, part, detail, section: findingSection(code, partSection) };
}

/** In characters of the displayed form; no certificate in use comes close. */
const LONG_NAME_LENGTH = 4096;

function checkName(value: DerValue, problems: string[]): Name {
  const name = readName(value, problems);
  if (isFormattedLonger(name, LONG_NAME_LENGTH)) problems.push(`it is longer than ${LONG_NAME_LENGTH} characters`);
  return name;
}

/** RFC 5280 section 4.1.2.4. */
function checkIssuer(issuer: DerValue, problems: string[]): void {
  if (checkName(issuer, problems).relativeDistinguishedNames.length === 0) problems.push('it is empty');
}

/** RFC 5280 sections 4.2 and 4.1.2.6. */
function checkExtensionList({ extensions, subject }: CertificateStructure, problems: string[]): void {
  if (extensions?.length === 0) problems.push('the list is empty');
  const names = (extensions ?? []).map(({ oid }) => oid);
  if (new Set(names).size < names.length) problems.push('an extension occurs more than once');
  const isNamedElsewhere = extensions?.some(({ oid, critical }) => oid === subjectAltName.oid && critical) ?? false;
  if (subject.length === 0 && !isNamedElsewhere) {
    problems.push('the subject is empty, but there is no critical subjectAltName');
  }
}

function checkExtension(extension: Extension, problems: string[]): void {
  problems.push(...extension.problems);
  const definition = knownExtensions.get(extension.oid);
  if (definition === undefined) return;
  if (definition.critical !== undefined && definition.critical !== extension.critical) {
    problems.push(definition.critical ? 'it is not critical' : 'it is critical');
  }
  definition.read(extension.value, problems);
}
