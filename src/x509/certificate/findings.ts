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
import { readPublicKey } from './public-key.js';
import { checkSerialNumber } from './serial-number.js';
import { checkValidityTime } from './validity.js';

/** All deviations of an accepted certificate from RFC 5280, without duplicates, in the order of the DER. */
export function collectFindings(structure: CertificateStructure): readonly Finding[] {
  const parts: [string, (problems: string[]) => unknown][] = [
    ['version', (problems) => checkVersion(structure, problems)],
    ['serialNumber', (problems) => checkSerialNumber(structure.serialNumber, problems)],
    ['issuer', (problems) => checkIssuer(structure.issuer, problems)],
    ['validity', (problems) => checkValidityTime(structure.notBefore, problems)],
    ['validity', (problems) => checkValidityTime(structure.notAfter, problems)],
    ['subject', (problems) => checkName(structure.subject, problems)],
    [
      'subjectPublicKeyInfo',
      (problems) => readPublicKey(structure.publicKeyAlgorithm, structure.subjectPublicKey, problems),
    ],
    ['extensions', (problems) => checkExtensionList(structure, problems)],
    ...(structure.extensions ?? []).map((extension): [string, (problems: string[]) => unknown] => [
      knownExtensions.get(extension.oid)?.name ?? extension.oid,
      (problems) => checkExtension(extension, problems),
    ]),
  ];
  const findings = new Map<string, Finding>();
  for (const [part, check] of parts) {
    for (const problem of reading(check).problems) {
      findings.set(`${part} ${problem}`, { part, detail: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` });
    }
  }
  return [...findings.values()];
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
