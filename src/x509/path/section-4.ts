import { subjectAltName } from '../certificate/extensions/alternative-names.js';
import { basicConstraints } from '../certificate/extensions/basic-constraints.js';
import { authorityKeyIdentifier } from '../certificate/extensions/key-identifiers.js';
import { nameConstraints } from '../certificate/extensions/name-constraints.js';
import type { Budget } from './budget.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import { checkSignature } from './signature.js';

export interface Violation {
  readonly section: string;
  readonly detail: string;
}

type ProfileCheck = (subject: PreparedCertificate, budget: Budget) => string | undefined;

/** The MUSTs of RFC 5280 section 4 that `Certificate.findings` does not cover, as they depend on several parts. */
const CHECKS: readonly (readonly [section: string, check: ProfileCheck])[] = [
  [
    '4.1.2.8',
    ({ certificate }) => (certificate.structure.hasUniqueIdentifiers ? 'It has unique identifiers.' : undefined),
  ],
  ['4.2.1.1', checkAuthorityKeyIdentifier],
  ['4.2.1.2', checkSubjectKeyIdentifier],
  ['4.2.1.3', checkKeyUsage],
  ['4.2.1.6', checkDnsNames],
  ['4.2.1.9', checkBasicConstraints],
  ['4.2.1.10', checkNameConstraints],
];

/**
 * Every violated MUST of RFC 5280 section 4 in one certificate. The serial number of an anchor is of no meaning; old
 * roots have zero (section 4.1.2.2 asks to handle them gracefully).
 */
export function section4Violations(subject: PreparedCertificate, budget: Budget): Violation[] {
  const violations = subject.certificate.findings
    .filter(({ part }) => !(subject.isAnchor && part === 'serialNumber'))
    .map(({ part, detail, section }) => ({ section, detail: `${part}: ${detail}` }));
  for (const [section, check] of CHECKS) {
    const detail = check(subject, budget);
    if (detail !== undefined) violations.push({ section: `RFC 5280 section ${section}`, detail });
  }
  return violations;
}

function isCa({ certificate }: PreparedCertificate): boolean {
  return certificate.extension(basicConstraints)?.cA ?? false;
}

/** Only a self-signed certificate may be without. */
function checkAuthorityKeyIdentifier(subject: PreparedCertificate, budget: Budget): string | undefined {
  const identifier = subject.certificate.extension(authorityKeyIdentifier);
  if (identifier === undefined) {
    return isSelfSigned(subject, budget) ? undefined : 'It does not identify the key of its issuer.';
  }
  return identifier.keyIdentifier === undefined ? 'Its authorityKeyIdentifier has no key identifier.' : undefined;
}

/** A CA calls its own key in its certificate what it calls it in those that it issues. */
function checkSubjectKeyIdentifier(subject: PreparedCertificate, budget: Budget): string | undefined {
  const { certificate } = subject;
  const own = certificate.subjectKeyIdentifier;
  if (own === undefined) return isCa(subject) ? 'It is a CA without a subjectKeyIdentifier.' : undefined;
  const issuers = certificate.extension(authorityKeyIdentifier)?.keyIdentifier;
  const differs = issuers !== undefined && !own.equals(issuers);
  return subject.isSelfIssued && differs && isSelfSigned(subject, budget)
    ? 'It is self-signed, but has two identifiers for its key.'
    : undefined;
}

/** Its own key made its signature; the names say nothing about that. */
function isSelfSigned(subject: PreparedCertificate, budget: Budget): boolean {
  const key = subject.workingKey();
  return key !== undefined && checkSignature(subject, key, budget) === undefined;
}

/** A CA without the extension is allowed: section 6.1.4 (n) only speaks of an extension that is present. */
function checkKeyUsage(subject: PreparedCertificate): string | undefined {
  const usages = subject.certificate.keyUsage;
  return usages?.has('keyCertSign') === true && !isCa(subject)
    ? 'It is no CA, but its key usage includes keyCertSign.'
    : undefined;
}

const MAX_NAME = 253;
const MAX_LABEL = 63;

function checkDnsNames({ certificate }: PreparedCertificate): string | undefined {
  const names = certificate.extension(subjectAltName) ?? [];
  const isWrong = names.some((name) => name.kind === 'dNSName' && !isPreferredName(name.value));
  return isWrong ? 'A DNS name is not in the preferred name syntax.' : undefined;
}

/** RFC 1034 section 3.5 and RFC 1123 section 2.1; a wildcard may take the place of the first label. */
function isPreferredName(name: string): boolean {
  const labels = name.startsWith('*.') ? name.slice(2).split('.') : name.split('.');
  return name.length <= MAX_NAME && labels.every(isPreferredLabel);
}

function isPreferredLabel(label: string): boolean {
  return /^[a-z\d-]+$/i.test(label) && label.length <= MAX_LABEL && !label.startsWith('-') && !label.endsWith('-');
}

function checkBasicConstraints(subject: PreparedCertificate): string | undefined {
  const constraints = subject.certificate.extension(basicConstraints);
  if (constraints?.cA !== true) return undefined;
  const extension = subject.certificate.structure.extensions?.find(({ oid }) => oid === basicConstraints.oid);
  if (extension?.critical !== true) return 'It is a CA, but its basic constraints are not critical.';
  const maySign = subject.certificate.keyUsage?.has('keyCertSign') === true;
  return constraints.pathLenConstraint !== undefined && !maySign
    ? 'It limits the length of a path, but its key usage does not include keyCertSign.'
    : undefined;
}

function checkNameConstraints(subject: PreparedCertificate): string | undefined {
  const isConstrained = subject.certificate.extension(nameConstraints) !== undefined;
  return isConstrained && !isCa(subject) ? 'It is no CA, but constrains names.' : undefined;
}
