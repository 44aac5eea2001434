import type { CertificatePolicy, ExtendedKeyUsage, SubjectDNElement } from './certificate-policy.model.js';
import { UPLOAD_CHECKS } from './certificate-policy.model.js';
import {
  EXTENDED_KEY_USAGES,
  isObjectIdentifier,
  KEY_USAGES,
  SIGNATURE_ALGORITHMS,
  SIGNATURE_ALGORITHM_SHORT_NAMES,
} from './certificate-vocabulary.js';
import { keyType } from './key-types.rules.js';
import {
  DEFAULT_LIFETIME_MS,
  LIFETIME_PARAMETER,
  LOCKING_PARAMETERS,
  MAX_DURATION_MS,
  readLoginLocking,
} from './login-locking.rules.js';
import { boolean, integer, known, listOf, oneOf, text, type ParameterType } from './parameter-types.rules.js';
import { PolicyParameters, type PolicyReading } from './policy-parameters.rules.js';
import { subjectDNElement } from './subject-dn-elements.rules.js';

/**
 * The parameters of this project that check a certificate. Any of them turns the check on, and conflicts with an
 * explicit `none`. The documented `certificateUploadCheckSubjectDNElements` does neither (contract 6.1).
 */
const OWN_CHECKS = [
  'keyTypes',
  'signatureAlgorithms',
  'maxValidityDays',
  'requireCurrentlyValid',
  'wellFormed',
  'requiredKeyUsage',
  'requiredExtendedKeyUsage',
  'requireSubjectAlternativeName',
] as const;

/** Defined in the contract but not implemented yet: refused rather than stored without effect. */
const UNSUPPORTED = ['trustAnchors', 'revocationCheck'] as const;

export const CERTIFICATE_POLICY_PARAMETERS: readonly string[] = [
  'allowCertificateUpload',
  'certificateUploadAllowedIssuerCNList',
  'certificateUploadCheck',
  'certificateUploadCheckSubjectDNElements',
  ...OWN_CHECKS,
  ...UNSUPPORTED,
  'autoUpdate',
  'issuerDNUpdateList',
  LIFETIME_PARAMETER,
  ...LOCKING_PARAMETERS,
  'auditCredentialValue',
  'validityDateCalculationVersion',
];

const MAX_DAYS = 36_500;

/**
 * Parses the parameters of a CertificatePolicy (contract 6, 6.1). Reports all errors at once, with the name of the
 * parameter as the field. Also used for stored parameters; it does not cache, so callers on a hot path must.
 */
export function readCertificatePolicy(parameters: Readonly<Record<string, string>>): PolicyReading<CertificatePolicy> {
  const given = new PolicyParameters(parameters);
  given.refuseUnknown(CERTIFICATE_POLICY_PARAMETERS);
  for (const name of UNSUPPORTED) {
    if (given.has(name)) given.refuse(name, `${name} has no effect yet and is therefore not accepted.`);
  }
  given.read('auditCredentialValue', boolean, false);
  given.read('validityDateCalculationVersion', oneOf(['v1', 'v2']), 'v2');

  const rules = readOwnRules(given);
  const asked = asks(rules);
  const check = given.read('certificateUploadCheck', oneOf(UPLOAD_CHECKS), asked ? 'strict' : 'none');
  if (given.has('certificateUploadCheck') && check === 'none') refuseChecksWithoutEffect(given);
  const on = check !== 'none';

  return given.finish({
    ...rules,
    certificateUploadCheck: check,
    certificateUploadCheckSubjectDNElements: given.read<readonly SubjectDNElement[]>(
      'certificateUploadCheckSubjectDNElements',
      listOf(',', subjectDNElement),
      [],
    ),
    requireCurrentlyValid: rules.requireCurrentlyValid ?? on,
    wellFormed: rules.wellFormed ?? on,
    allowCertificateUpload: given.read('allowCertificateUpload', boolean, true),
    certificateUploadAllowedIssuerCNList: given.read<readonly string[] | undefined>(
      'certificateUploadAllowedIssuerCNList',
      listOf('|;,', text),
      undefined,
    ),
    autoUpdate: given.read('autoUpdate', boolean, true),
    // A comma is not a separator, because every DN contains commas.
    issuerDNUpdateList: given.read<readonly string[] | undefined>('issuerDNUpdateList', listOf('|;', text), undefined),
    credentialLifetime: given.read(LIFETIME_PARAMETER, integer(1, MAX_DURATION_MS), DEFAULT_LIFETIME_MS),
    locking: readLoginLocking(given),
  });
}

function readOwnRules(given: PolicyParameters) {
  return {
    keyTypes: given.read('keyTypes', listOf(',', keyType), []),
    signatureAlgorithms: given.read('signatureAlgorithms', listOf(',', signatureAlgorithm), []),
    maxValidityDays: given.read<number | undefined>('maxValidityDays', integer(1, MAX_DAYS), undefined),
    requireCurrentlyValid: given.read<boolean | undefined>('requireCurrentlyValid', boolean, undefined),
    wellFormed: given.read<boolean | undefined>('wellFormed', boolean, undefined),
    requiredKeyUsage: given.read(
      'requiredKeyUsage',
      listOf(',', known('a list of key usages with their names in RFC 5280', KEY_USAGES)),
      [],
    ),
    requiredExtendedKeyUsage: given.read('requiredExtendedKeyUsage', listOf(',', extendedKeyUsage), []),
    requireSubjectAlternativeName: given.read('requireSubjectAlternativeName', boolean, false),
  };
}

/** A parameter that is set to false requires nothing. */
function asks(rules: ReturnType<typeof readOwnRules>): boolean {
  return Object.values(rules).some((rule) => (Array.isArray(rule) ? rule.length > 0 : Boolean(rule)));
}

function refuseChecksWithoutEffect(given: PolicyParameters): void {
  const idle = OWN_CHECKS.filter((name) => given.has(name) && given.read(name, (value) => ({ value }), '') !== 'false');
  if (idle.length === 0) return;
  given.refuse('certificateUploadCheck', `certificateUploadCheck none would leave ${idle.join(', ')} without effect.`, {
    expected: 'tolerant or strict',
    found: 'none',
    remedy: 'Set it to tolerant or strict, or remove the checks.',
  });
}

const signatureAlgorithm = known(
  "a list of signature algorithms with OpenSSL's long names",
  SIGNATURE_ALGORITHMS,
  SIGNATURE_ALGORITHM_SHORT_NAMES,
);

const namedUsage = known(
  'a list of extended key usages with their names in RFC 5280, or dotted OIDs',
  EXTENDED_KEY_USAGES,
);

const extendedKeyUsage: ParameterType<ExtendedKeyUsage> = (entry) =>
  isObjectIdentifier(entry) ? { value: { name: entry, oid: entry } } : namedUsage(entry);
