import { subjectAltName } from '../certificate/extensions/alternative-names.js';
import { basicConstraints } from '../certificate/extensions/basic-constraints.js';
import {
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../certificate/extensions/certificate-policies.js';
import { cRLDistributionPoints } from '../certificate/extensions/distribution-points.js';
import { extendedKeyUsage } from '../certificate/extensions/extended-key-usage.js';
import type { ExtensionDefinition } from '../certificate/extensions/extension.js';
import { authorityKeyIdentifier, subjectKeyIdentifier } from '../certificate/extensions/key-identifiers.js';
import { keyUsage } from '../certificate/extensions/key-usage.js';
import { knownExtensions } from '../certificate/extensions/known-extensions.js';
import { nameConstraints } from '../certificate/extensions/name-constraints.js';
import { keyPurposes } from '../certificate/key-purposes.js';
import { readTime } from '../der/time.js';
import { findWeakKey, findWeakSignature } from './algorithms.js';
import type { Budget } from './budget.js';
import type { PathParameters } from './path-parameters.js';
import type { Problem } from './path-result.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import { section4Violations } from './section-4.js';

/** What one certificate must satisfy by itself, whatever is above or below it in the path. */
type CertificateCheck = (
  subject: PreparedCertificate,
  parameters: PathParameters,
  budget: Budget,
) => Problem | undefined;

/** In the order of RFC 5280 section 6.1.3 (a), then 6.1.4 (k), (n) and (o). */
const EVERY_CERTIFICATE: readonly CertificateCheck[] = [
  checkStructure,
  checkExtensionsReadable,
  checkUnknownCriticalExtensions,
  checkTimes,
  checkValidity,
  checkKey,
  checkSignatureAlgorithm,
  checkPurposes,
  checkProfile,
];

const LEAF: readonly CertificateCheck[] = [...EVERY_CERTIFICATE, checkLeafKeyUsage];
const ISSUER: readonly CertificateCheck[] = [...EVERY_CERTIFICATE, checkSubject, checkCa, checkIssuerKeyUsage];

export const checkLeaf: CertificateCheck = (...inputs) => firstProblem(LEAF, inputs);

/** For intermediates and for the anchor: what an anchor says about itself is honoured (11.2). */
export const checkIssuer: CertificateCheck = (...inputs) => firstProblem(ISSUER, inputs);

function firstProblem(checks: readonly CertificateCheck[], inputs: Parameters<CertificateCheck>): Problem | undefined {
  for (const check of checks) {
    const problem = check(...inputs);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** RFC 5280 sections 4.1.1.2, 4.1.2.1, 4.1.2.4 and 4.1.2.6. */
function checkStructure({ certificate, subjectKey, issuerKey }: PreparedCertificate): Problem | undefined {
  const { version, signature, signatureAlgorithm, subject } = certificate.structure;
  if (version === undefined) return malformed('4.1.2.1', 'It is not a certificate of version 1, 2 or 3.');
  if (!signature.der.equals(signatureAlgorithm.der)) {
    return malformed('4.1.1.2', 'Its two signature algorithms differ.');
  }
  if (issuerKey === undefined) return malformed('4.1.2.4', 'Its issuer is empty or cannot be read.');
  if (subjectKey === undefined && subject.length > 0) return malformed('4.1.2.6', 'Its subject cannot be read.');
  return undefined;
}

function malformed(section: string, detail: string): Problem {
  return { reason: 'malformed', section: `RFC 5280 section ${section}`, detail };
}

/** The extensions that decide about a path; the identifiers of keys only decide which issuer is tried first. */
const DECIDING_EXTENSIONS: readonly ExtensionDefinition<unknown>[] = [
  authorityKeyIdentifier,
  subjectKeyIdentifier,
  keyUsage,
  basicConstraints,
  extendedKeyUsage,
  subjectAltName,
  nameConstraints,
  certificatePolicies,
  policyMappings,
  policyConstraints,
  inhibitAnyPolicy,
];

const deciding: ReadonlySet<string> = new Set(DECIDING_EXTENSIONS.map(({ oid }) => oid));

/** Distribution points may be critical as well; they belong to the check of revocation, which is not part of the path. */
const recognized: ReadonlySet<string> = new Set([...deciding, cRLDistributionPoints.oid]);

/** RFC 5280 section 4.2: an extension that decides about the path is there once and can be read, or the path is not proven. */
function checkExtensionsReadable({ certificate }: PreparedCertificate): Problem | undefined {
  const seen = new Set<string>();
  for (const { oid, critical } of certificate.structure.extensions ?? []) {
    if (seen.has(oid)) return malformed('4.2', 'An extension occurs more than once.');
    seen.add(oid);
    if (!deciding.has(oid) && !(critical && recognized.has(oid))) continue;
    const definition = knownExtensions.get(oid);
    if (definition !== undefined && certificate.extension(definition) === undefined) {
      return malformed('4.2', `Its ${definition.name} cannot be read.`);
    }
  }
  return undefined;
}

/** RFC 5280 section 4.2; in section 6, steps 6.1.4 (o) and 6.1.5 (f). */
function checkUnknownCriticalExtensions({ certificate }: PreparedCertificate): Problem | undefined {
  const unknown = certificate.structure.extensions?.some(({ oid, critical }) => critical && !recognized.has(oid));
  if (unknown !== true) return undefined;
  const detail = 'It has a critical extension that path validation does not process.';
  return { reason: 'unknownCriticalExtension', section: 'RFC 5280 section 4.2', detail };
}

/** RFC 5280 section 4.1.2.5: other forms of ASN.1 have no meaning there, and readers understand them differently. */
function checkTimes({ certificate }: PreparedCertificate): Problem | undefined {
  const { notBefore, notAfter } = certificate.structure;
  return readTime(notBefore) === undefined || readTime(notAfter) === undefined
    ? malformed('4.1.2.5', 'A time of its validity is in no form that the RFC allows.')
    : undefined;
}

const MILLISECONDS = 1000;

/** RFC 5280 section 6.1.3 (a)(2); both ends inclusive, in whole seconds, as certificates have no smaller unit. */
function checkValidity({ certificate }: PreparedCertificate, { time }: PathParameters): Problem | undefined {
  const second = Math.floor(time.getTime() / MILLISECONDS) * MILLISECONDS;
  const section = 'RFC 5280 section 6.1.3 (a)(2)';
  // Written so that an invalid date is outside.
  if (!(second >= certificate.notBefore.getTime())) {
    return { reason: 'notYetValid', section, detail: 'Its validity has not begun.' };
  }
  if (!(second <= certificate.notAfter.getTime())) {
    return { reason: 'expired', section, detail: 'Its validity has ended.' };
  }
  return undefined;
}

/** 12.3. */
function checkKey({ certificate }: PreparedCertificate, { algorithms }: PathParameters): Problem | undefined {
  const detail = findWeakKey(certificate.publicKey, algorithms);
  return detail === undefined ? undefined : { reason: 'weakAlgorithm', section: 'RFC 5280 section 4.1.2.7', detail };
}

/** 12.3; the anchor's own signature is of no meaning. */
function checkSignatureAlgorithm(
  { certificate, isAnchor }: PreparedCertificate,
  { algorithms }: PathParameters,
): Problem | undefined {
  if (isAnchor) return undefined;
  const detail = findWeakSignature(certificate.structure.signature, algorithms);
  return detail === undefined ? undefined : { reason: 'weakAlgorithm', section: 'RFC 5280 section 4.1.1.2', detail };
}

const ANY_PURPOSE = keyPurposes.get('anyExtendedKeyUsage') ?? '';

/** RFC 5280 section 4.2.1.12; above the leaf, it limits the purposes of everything below (12.3). */
function checkPurposes({ certificate }: PreparedCertificate, { eku }: PathParameters): Problem | undefined {
  const purposes = certificate.extendedKeyUsage;
  if (purposes === undefined || purposes.has(ANY_PURPOSE)) return undefined;
  if (eku.every((purpose) => purposes.has(purpose))) return undefined;
  const detail = 'Its extended key usage does not include the purpose that is asked for.';
  return { reason: 'extendedKeyUsage', section: 'RFC 5280 section 4.2.1.12', detail };
}

/** 12.6. */
function checkProfile(subject: PreparedCertificate, { profile }: PathParameters, budget: Budget): Problem | undefined {
  if (profile !== 'section4') return undefined;
  const [violation] = section4Violations(subject, budget);
  return violation === undefined ? undefined : { reason: 'profile', ...violation };
}

/** RFC 5280 section 4.2.1.3. */
function checkLeafKeyUsage(
  { certificate }: PreparedCertificate,
  { leafKeyUsage }: PathParameters,
): Problem | undefined {
  const { keyUsage: usages } = certificate;
  const missing = leafKeyUsage.find((usage) => usages?.has(usage) === false);
  if (missing === undefined) return undefined;
  return {
    reason: 'keyUsage',
    section: 'RFC 5280 section 4.2.1.3',
    detail: `Its key usage does not include ${missing}.`,
  };
}

/** RFC 5280 section 4.1.2.6. */
function checkSubject({ subjectKey }: PreparedCertificate): Problem | undefined {
  return subjectKey === undefined
    ? malformed('4.1.2.6', 'It is to issue certificates, but has no subject.')
    : undefined;
}

const VERSION_3 = 2;

/**
 * RFC 5280 section 6.1.4 (k). A certificate before version 3 cannot say that it is a CA. An administrator could say so for
 * an anchor, but a list of anchors does not: a user's self-signed certificate of version 1 looks the same (11.2).
 */
function checkCa({ certificate }: PreparedCertificate): Problem | undefined {
  const section = 'RFC 5280 section 6.1.4 (k)';
  if (certificate.structure.version !== VERSION_3) {
    return { reason: 'notCa', section, detail: 'It is of a version that cannot say whether it is a CA.' };
  }
  const constraints = certificate.extension(basicConstraints);
  if (constraints === undefined) return { reason: 'notCa', section, detail: 'It has no basic constraints.' };
  return constraints.cA
    ? undefined
    : { reason: 'notCa', section, detail: 'Its basic constraints say that it is no CA.' };
}

/** RFC 5280 section 6.1.4 (n). */
function checkIssuerKeyUsage({ certificate }: PreparedCertificate): Problem | undefined {
  if (certificate.keyUsage?.has('keyCertSign') !== false) return undefined;
  const detail = 'Its key usage does not include keyCertSign.';
  return { reason: 'keyUsage', section: 'RFC 5280 section 6.1.4 (n)', detail };
}
