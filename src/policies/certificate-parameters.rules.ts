import { isExternalId } from '../common/external-id.js';
import {
  type ExtendedKeyUsage,
  REVOCATION_CHECKS,
  type RevocationMode,
  UPLOAD_CHECKS,
} from './certificate-policy.model.js';
import {
  EXTENDED_KEY_USAGES,
  isObjectIdentifier,
  KEY_USAGES,
  SIGNATURE_ALGORITHM_SHORT_NAMES,
  SIGNATURE_ALGORITHMS,
} from './certificate-vocabulary.js';
import { keyType } from './key-types.rules.js';
import { credentialLifetime, LOCKING_PARAMETERS } from './login-locking.rules.js';
import { boolean, integer, known, listOf, anyText, oneOf, type ParameterType } from './parameter-types.rules.js';
import { parameter } from './policy-parameters.rules.js';
import { subjectDNElement } from './subject-dn-elements.rules.js';

const MAX_DAYS = 36_500;
const MAX_GRACE_DAYS = 365;

const signatureAlgorithm = known(
  "a list of signature algorithms with OpenSSL's long names",
  SIGNATURE_ALGORITHMS,
  SIGNATURE_ALGORITHM_SHORT_NAMES,
);

const namedUsage = known(
  'a list of extended key usages with their names in RFC 5280, or dotted OIDs',
  EXTENDED_KEY_USAGES,
);

const extendedKeyUsage: ParameterType<ExtendedKeyUsage> = {
  name: namedUsage.name,
  allowed: `${namedUsage.allowed}, or a dotted OID`,
  form: { kind: 'text', suggestions: [...EXTENDED_KEY_USAGES.keys()] },
  read: (entry) => (isObjectIdentifier(entry) ? { value: { name: entry, oid: entry } } : namedUsage.read(entry)),
};

const trustSet: ParameterType<string> = {
  name: 'external id',
  allowed: 'the `extId` of a trust-anchor set of the client',
  form: { kind: 'trustAnchorSet' },
  read: (text) => (isExternalId(text) ? { value: text } : { expected: 'the extId of a trust-anchor set' }),
};

/** The default of what is on if any check is. */
const ON_WITH_ANY_CHECK = '`true` if `certificateUploadCheck` is `tolerant` or `strict`, else `false`';

/**
 * Ours that ask something of a certificate: one of them turns the check on, and clashes with an explicit `none`. The
 * documented `certificateUploadCheckSubjectDNElements` does neither (contract 6.1).
 */
export const OUR_CHECKS = {
  keyTypes: parameter({
    type: listOf(',', keyType),
    default: [],
    effect: 'The public key is of one of these types, and at least as strong as its entry says.',
    example: 'RSA:3072,EC:P-256,Ed25519',
    rule: '6.1',
  }),
  signatureAlgorithms: parameter({
    type: listOf(',', signatureAlgorithm),
    default: [],
    effect: 'The certificate is signed with one of these algorithms.',
    example: 'ecdsa-with-SHA256,sha256WithRSAEncryption',
    rule: '6.1',
  }),
  maxValidityDays: parameter<number | undefined>({
    type: integer(1, MAX_DAYS),
    default: undefined,
    effect: 'The certificate is issued for at most this number of days: notAfter minus notBefore.',
    example: '397',
    rule: '6.1',
  }),
  requireCurrentlyValid: parameter<boolean | undefined>({
    type: boolean,
    default: undefined,
    defaultText: ON_WITH_ANY_CHECK,
    effect: 'The certificate is valid at the time of the request: neither expired nor not yet valid.',
    example: 'true',
    rule: '6.1',
  }),
  wellFormed: parameter<boolean | undefined>({
    type: boolean,
    default: undefined,
    defaultText: ON_WITH_ANY_CHECK,
    effect:
      'The certificate breaks none of the rules of RFC 5280 that the server looks for when it reads a certificate.',
    example: 'true',
    rule: '6.1',
  }),
  requiredKeyUsage: parameter({
    type: listOf(',', known('a list of key usages with their names in RFC 5280', KEY_USAGES)),
    default: [],
    effect: 'The key usage extension has every one of these usages.',
    example: 'digitalSignature',
    rule: '6.1',
  }),
  requiredExtendedKeyUsage: parameter({
    type: listOf(',', extendedKeyUsage),
    default: [],
    effect:
      'The extended key usage extension has every one of these usages. `anyExtendedKeyUsage` does not stand for another one.',
    example: 'clientAuth',
    rule: '6.1',
  }),
  requireSubjectAlternativeName: parameter({
    type: boolean,
    default: false,
    effect: 'The certificate has a subject alternative name.',
    example: 'true',
    rule: '6.1',
  }),
  trustAnchors: parameter<string | undefined>({
    type: trustSet,
    default: undefined,
    effect:
      'A path leads from the certificate to an anchor of this trust-anchor set (RFC 5280 section 6.1). A change of the set is ' +
      'effective at once.',
    example: 'corporate',
    rule: '11.4',
  }),
  revocationCheck: parameter<RevocationMode | 'none'>({
    type: oneOf(REVOCATION_CHECKS),
    default: 'none',
    effect:
      'No certificate of the path but the anchor has been revoked, according to the CRLs of the trust-anchor set, OCSP and ' +
      'the CRLs that the certificates name. `soft`: an unknown status passes, and the outcome says so. `hard`: it does not. ' +
      'Both need `trustAnchors`.',
    example: 'soft',
    rule: '13.1',
  }),
};

/** What is read into a `CertificatePolicy` (contract 6). */
export const EVALUATED = {
  allowCertificateUpload: parameter({
    type: boolean,
    default: true,
    effect: '`false`: users can neither register nor replace their own certificates. Administrators still can.',
    example: 'false',
    rule: '6',
  }),
  certificateUploadAllowedIssuerCNList: parameter<readonly string[] | undefined>({
    type: listOf('|;,', anyText("the CN of an issuer's name, compared whole and without regard to letter case")),
    default: undefined,
    effect:
      'Decides the state in which a certificate is stored: `active` if the CN of its issuer is in the list, else ' +
      '`disabled`. Absent: the issuer decides nothing. The CN alone proves nothing about who issued a certificate.',
    example: 'Acme Issuing CA 1|Acme Issuing CA 2',
    rule: '6',
  }),
  certificateUploadCheck: parameter<(typeof UPLOAD_CHECKS)[number] | undefined>({
    type: oneOf(UPLOAD_CHECKS),
    default: undefined,
    defaultText: '`none`; `strict` if one of the checks of this server is set',
    effect:
      'What happens to a certificate that breaks a rule of the policy. `none`: the rules are not evaluated. `tolerant`: it ' +
      'is stored as `disabled`, with the reason `policy-check-failed`. `strict`: the request is refused with 422 ' +
      '`errors.certificatePolicyViolated`. `none` together with one of the checks of this server is refused.',
    example: 'strict',
    rule: '6',
  }),
  certificateUploadCheckSubjectDNElements: parameter({
    type: listOf(',', subjectDNElement),
    default: [],
    effect:
      'Each element must occur in the subject of the certificate, as a whole value or as whole words of one. Evaluated only ' +
      'if `certificateUploadCheck` is `tolerant` or `strict`.',
    example: 'USER_NAME,USER_FIRSTNAME,O=Acme AG',
    rule: '6.2',
  }),
  ...OUR_CHECKS,
  autoUpdate: parameter({
    type: boolean,
    default: true,
    effect:
      'Whether a new certificate replaces the stored one when it is used to log in. It must have the issuer and the subject of ' +
      'exactly one active credential, begin later, and satisfy the policy, which must have `trustAnchors`.',
    example: 'false',
    rule: '15.5',
  }),
  issuerDNUpdateList: parameter<readonly string[] | undefined>({
    // No comma: it stands inside every DN.
    type: listOf('|;', anyText('the DN of an issuer')),
    default: undefined,
    effect:
      'The issuers whose certificates `autoUpdate` is for. Absent: every issuer. Names are compared by RFC 5280 section 7.1.',
    example: 'CN=Acme Issuing CA 1,O=Acme AG,C=CH',
    rule: '15.5',
  }),
  rolloverGraceDays: parameter<number | undefined>({
    type: integer(0, MAX_GRACE_DAYS),
    default: undefined,
    effect:
      'How many days a credential still works after a newer one of the same user, policy, issuer and subject has logged in ' +
      'for the first time. `0`: it ends at once. Absent: newer credentials do not end older ones.',
    example: '30',
    rule: '15.6',
  }),
  credentialLifetime: credentialLifetime(
    'How many milliseconds a credential is valid after its certificate was stored, if the certificate does not expire ' +
      'earlier. Computed once, when the certificate is stored.',
  ),
  ...LOCKING_PARAMETERS,
};

/** Known by name and type, without effect (contract 2.12, 6.1). */
export const STORED_ONLY = {
  auditCredentialValue: parameter({
    type: boolean,
    default: false,
    effect: 'Documented for every policy by the vendor; stored without effect.',
    example: 'true',
    rule: '2.12',
  }),
  validityDateCalculationVersion: parameter({
    type: oneOf(['v1', 'v2']),
    default: 'v2',
    effect: 'Documented for every policy by the vendor; stored without effect.',
    example: 'v1',
    rule: '2.12',
  }),
};

export const CERTIFICATE_PARAMETERS = { ...EVALUATED, ...STORED_ONLY };
