// What the server declares of each policy parameter; `npm run reference` writes this file.
import { msg } from '@lingui/core/macro';

import type { DeclaredParameter } from './declared-parameter.js';

export const DECLARED_PARAMETERS: Readonly<Record<string, readonly DeclaredParameter[]>> = {
  CertificatePolicy: [
    {
      name: 'allowCertificateUpload',
      effect: msg({
        message: '`false`: users can neither register nor replace their own certificates. Administrators still can.',
      }),
      defaultValue: 'true',
      example: 'false',
      rule: '6',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'certificateUploadAllowedIssuerCNList',
      effect: msg({
        message:
          'Decides the state in which a certificate is stored: `active` if the CN of its issuer is in the list, else `disabled`. Absent: the issuer decides nothing. The CN alone proves nothing about who issued a certificate.',
      }),
      example: 'Acme Issuing CA 1|Acme Issuing CA 2',
      rule: '6',
      form: { kind: 'list', entry: { kind: 'text', suggestions: [] } },
      separators: '|;,',
      allowed: msg({
        message:
          "at most 100 entries of at most 250 characters; each is the CN of an issuer's name, compared whole and without regard to letter case",
      }),
    },
    {
      name: 'certificateUploadCheck',
      effect: msg({
        message:
          'What happens to a certificate that breaks a rule of the policy. `none`: the rules are not evaluated. `tolerant`: it is stored as `disabled`, with the reason `policy-check-failed`. `strict`: the request is refused with 422 `errors.certificatePolicyViolated`. `none` together with one of the checks of this server is refused.',
      }),
      defaultText: msg({ message: '`none`; `strict` if one of the checks of this server is set' }),
      example: 'strict',
      rule: '6',
      form: { kind: 'choice', choices: ['none', 'tolerant', 'strict'] },
    },
    {
      name: 'certificateUploadCheckSubjectDNElements',
      effect: msg({
        message:
          'Each element must occur in the subject of the certificate, as a whole value or as whole words of one. Evaluated only if `certificateUploadCheck` is `tolerant` or `strict`.',
      }),
      example: 'USER_NAME,USER_FIRSTNAME,O=Acme AG',
      rule: '6.2',
      form: {
        kind: 'list',
        entry: {
          kind: 'text',
          suggestions: ['USER_NAME', 'USER_FIRSTNAME', 'USER_LOGINID', 'USER_EXTID', 'USER_EMAIL'],
        },
      },
      separators: ',',
      allowed: msg({
        message:
          'at most 100 entries of at most 250 characters; each is a field of the user (`USER_NAME`, `USER_FIRSTNAME`, `USER_LOGINID`, `USER_EXTID`, `USER_EMAIL`); an attribute with its whole value, as in `O=Acme AG`, where the attribute type is a short name of OpenSSL or a dotted OID; or any other text, which must occur in the subject',
      }),
    },
    {
      name: 'keyTypes',
      effect: msg({ message: 'The public key is of one of these types, and at least as strong as its entry says.' }),
      example: 'RSA:3072,EC:P-256,Ed25519',
      rule: '6.1',
      form: {
        kind: 'list',
        entry: {
          kind: 'text',
          suggestions: [
            'RSA:2048',
            'RSA:3072',
            'RSA:4096',
            'RSA-PSS:2048',
            'RSA-PSS:3072',
            'RSA-PSS:4096',
            'DSA:2048',
            'DSA:3072',
            'EC:P-192',
            'EC:P-224',
            'EC:P-256',
            'EC:P-384',
            'EC:P-521',
            'EC:brainpoolP256r1',
            'EC:brainpoolP320r1',
            'EC:brainpoolP384r1',
            'EC:brainpoolP512r1',
            'EC:brainpoolP256t1',
            'EC:brainpoolP320t1',
            'EC:brainpoolP384t1',
            'EC:brainpoolP512t1',
            'EC:secp256k1',
            'EC:SM2',
            'Ed25519',
            'Ed448',
            'ML-DSA-44',
            'ML-DSA-65',
            'ML-DSA-87',
            'SLH-DSA-SHA2-128s',
            'SLH-DSA-SHA2-128f',
            'SLH-DSA-SHA2-192s',
            'SLH-DSA-SHA2-192f',
            'SLH-DSA-SHA2-256s',
            'SLH-DSA-SHA2-256f',
            'SLH-DSA-SHAKE-128s',
            'SLH-DSA-SHAKE-128f',
            'SLH-DSA-SHAKE-192s',
            'SLH-DSA-SHAKE-192f',
            'SLH-DSA-SHAKE-256s',
            'SLH-DSA-SHAKE-256f',
          ],
        },
      },
      separators: ',',
      allowed: msg({
        message:
          'at most 100 entries of at most 250 characters; each is `RSA`, `RSA-PSS`, `DSA` with the smallest number of bits, as in `RSA:2048`; `EC` with the smallest curve, as in `EC:P-256`, which also allows the larger curves of the same family (`P-192`, `P-224`, `P-256`, `P-384`, `P-521`; `brainpoolP256r1`, `brainpoolP320r1`, `brainpoolP384r1`, `brainpoolP512r1`; `brainpoolP256t1`, `brainpoolP320t1`, `brainpoolP384t1`, `brainpoolP512t1`; `secp256k1`; `SM2`); or, of one size each, `Ed25519`, `Ed448`, `ML-DSA-44`, `ML-DSA-65`, `ML-DSA-87`, `SLH-DSA-SHA2-128s`, `SLH-DSA-SHA2-128f`, `SLH-DSA-SHA2-192s`, `SLH-DSA-SHA2-192f`, `SLH-DSA-SHA2-256s`, `SLH-DSA-SHA2-256f`, `SLH-DSA-SHAKE-128s`, `SLH-DSA-SHAKE-128f`, `SLH-DSA-SHAKE-192s`, `SLH-DSA-SHAKE-192f`, `SLH-DSA-SHAKE-256s`, `SLH-DSA-SHAKE-256f`',
      }),
    },
    {
      name: 'signatureAlgorithms',
      effect: msg({ message: 'The certificate is signed with one of these algorithms.' }),
      example: 'ecdsa-with-SHA256,sha256WithRSAEncryption',
      rule: '6.1',
      form: {
        kind: 'list',
        entry: {
          kind: 'choice',
          choices: [
            'SM2-with-SM3',
            'sm3WithRSAEncryption',
            'GOST R 34.11-94 with GOST R 34.10-2001',
            'GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit)',
            'GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)',
            'dsaWithSHA1',
            'ecdsa-with-SHA1',
            'ecdsa-with-SHA224',
            'ecdsa-with-SHA256',
            'ecdsa-with-SHA384',
            'ecdsa-with-SHA512',
            'md2WithRSAEncryption',
            'md4WithRSAEncryption',
            'md5WithRSAEncryption',
            'sha1WithRSAEncryption',
            'rsassaPss',
            'sha256WithRSAEncryption',
            'sha384WithRSAEncryption',
            'sha512WithRSAEncryption',
            'sha224WithRSAEncryption',
            'sha512-224WithRSAEncryption',
            'sha512-256WithRSAEncryption',
            'md5WithRSA',
            'dsaWithSHA',
            'shaWithRSAEncryption',
            'dsaWithSHA1-old',
            'sha1WithRSA',
            'ripemd160WithRSA',
            'ED25519',
            'ED448',
            'dsa_with_SHA224',
            'dsa_with_SHA256',
            'dsa_with_SHA384',
            'dsa_with_SHA512',
            'dsa_with_SHA3-224',
            'dsa_with_SHA3-256',
            'dsa_with_SHA3-384',
            'dsa_with_SHA3-512',
            'ecdsa_with_SHA3-224',
            'ecdsa_with_SHA3-256',
            'ecdsa_with_SHA3-384',
            'ecdsa_with_SHA3-512',
            'RSA-SHA3-224',
            'RSA-SHA3-256',
            'RSA-SHA3-384',
            'RSA-SHA3-512',
            'ML-DSA-44',
            'ML-DSA-65',
            'ML-DSA-87',
            'SLH-DSA-SHA2-128s',
            'SLH-DSA-SHA2-128f',
            'SLH-DSA-SHA2-192s',
            'SLH-DSA-SHA2-192f',
            'SLH-DSA-SHA2-256s',
            'SLH-DSA-SHA2-256f',
            'SLH-DSA-SHAKE-128s',
            'SLH-DSA-SHAKE-128f',
            'SLH-DSA-SHAKE-192s',
            'SLH-DSA-SHAKE-192f',
            'SLH-DSA-SHAKE-256s',
            'SLH-DSA-SHAKE-256f',
            'HASH-ML-DSA-44-WITH-SHA512',
            'HASH-ML-DSA-65-WITH-SHA512',
            'HASH-ML-DSA-87-WITH-SHA512',
            'SLH-DSA-SHA2-128s-WITH-SHA256',
            'SLH-DSA-SHA2-128f-WITH-SHA256',
            'SLH-DSA-SHA2-192s-WITH-SHA512',
            'SLH-DSA-SHA2-192f-WITH-SHA512',
            'SLH-DSA-SHA2-256s-WITH-SHA512',
            'SLH-DSA-SHA2-256f-WITH-SHA512',
            'SLH-DSA-SHAKE-128s-WITH-SHAKE128',
            'SLH-DSA-SHAKE-128f-WITH-SHAKE128',
            'SLH-DSA-SHAKE-192s-WITH-SHAKE256',
            'SLH-DSA-SHAKE-192f-WITH-SHAKE256',
            'SLH-DSA-SHAKE-256s-WITH-SHAKE256',
            'SLH-DSA-SHAKE-256f-WITH-SHAKE256',
          ],
        },
      },
      separators: ',',
    },
    {
      name: 'maxValidityDays',
      effect: msg({ message: 'The certificate is issued for at most this number of days: notAfter minus notBefore.' }),
      example: '397',
      rule: '6.1',
      form: { kind: 'number', minimum: 1, maximum: 36500, off: false },
    },
    {
      name: 'requireCurrentlyValid',
      effect: msg({
        message: 'The certificate is valid at the time of the request: neither expired nor not yet valid.',
      }),
      defaultText: msg({ message: '`true` if `certificateUploadCheck` is `tolerant` or `strict`, else `false`' }),
      example: 'true',
      rule: '6.1',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'wellFormed',
      effect: msg({
        message:
          'The certificate breaks none of the rules of RFC 5280 that the server looks for when it reads a certificate.',
      }),
      defaultText: msg({ message: '`true` if `certificateUploadCheck` is `tolerant` or `strict`, else `false`' }),
      example: 'true',
      rule: '6.1',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'requiredKeyUsage',
      effect: msg({ message: 'The key usage extension has every one of these usages.' }),
      example: 'digitalSignature',
      rule: '6.1',
      form: {
        kind: 'list',
        entry: {
          kind: 'choice',
          choices: [
            'digitalSignature',
            'nonRepudiation',
            'keyEncipherment',
            'dataEncipherment',
            'keyAgreement',
            'keyCertSign',
            'cRLSign',
            'encipherOnly',
            'decipherOnly',
          ],
        },
      },
      separators: ',',
    },
    {
      name: 'requiredExtendedKeyUsage',
      effect: msg({
        message:
          'The extended key usage extension has every one of these usages. `anyExtendedKeyUsage` does not stand for another one.',
      }),
      example: 'clientAuth',
      rule: '6.1',
      form: {
        kind: 'list',
        entry: {
          kind: 'text',
          suggestions: [
            'anyExtendedKeyUsage',
            'serverAuth',
            'clientAuth',
            'codeSigning',
            'emailProtection',
            'timeStamping',
            'OCSPSigning',
            'pkinit-KPClientAuth',
            'pkinit-KPKdc',
            'documentSigning',
            'msSmartcardLogin',
          ],
        },
      },
      separators: ',',
      allowed: msg({
        message:
          'at most 100 entries of at most 250 characters; each is one of `anyExtendedKeyUsage`, `serverAuth`, `clientAuth`, `codeSigning`, `emailProtection`, `timeStamping`, `OCSPSigning`, `pkinit-KPClientAuth`, `pkinit-KPKdc`, `documentSigning`, `msSmartcardLogin`, or a dotted OID',
      }),
    },
    {
      name: 'requireSubjectAlternativeName',
      effect: msg({ message: 'The certificate has a subject alternative name.' }),
      defaultValue: 'false',
      example: 'true',
      rule: '6.1',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'trustAnchors',
      effect: msg({
        message:
          'A path leads from the certificate to an anchor of this trust-anchor set (RFC 5280 section 6.1). A change of the set is effective at once.',
      }),
      example: 'corporate',
      rule: '11.4',
      form: { kind: 'trustAnchorSet' },
    },
    {
      name: 'revocationCheck',
      effect: msg({
        message:
          'No certificate of the path but the anchor has been revoked, according to the CRLs of the trust-anchor set, OCSP and the CRLs that the certificates name. `soft`: an unknown status passes, and the outcome says so. `hard`: it does not. Both need `trustAnchors`.',
      }),
      defaultValue: 'none',
      example: 'soft',
      rule: '13.1',
      form: { kind: 'choice', choices: ['none', 'soft', 'hard'] },
    },
    {
      name: 'autoUpdate',
      effect: msg({
        message:
          'Whether a new certificate replaces the stored one when it is used to log in. It must have the issuer and the subject of exactly one active credential, begin later, and satisfy the policy, which must have `trustAnchors`.',
      }),
      defaultValue: 'true',
      example: 'false',
      rule: '15.5',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'issuerDNUpdateList',
      effect: msg({
        message:
          'The issuers whose certificates `autoUpdate` is for. Absent: every issuer. Names are compared by RFC 5280 section 7.1.',
      }),
      example: 'CN=Acme Issuing CA 1,O=Acme AG,C=CH',
      rule: '15.5',
      form: { kind: 'list', entry: { kind: 'text', suggestions: [] } },
      separators: '|;',
      allowed: msg({ message: 'at most 100 entries of at most 250 characters; each is the DN of an issuer' }),
    },
    {
      name: 'rolloverGraceDays',
      effect: msg({
        message:
          'How many days a credential still works after a newer one of the same user, policy, issuer and subject has logged in for the first time. `0`: it ends at once. Absent: newer credentials do not end older ones.',
      }),
      example: '30',
      rule: '15.6',
      form: { kind: 'number', minimum: 0, maximum: 365, off: false },
    },
    {
      name: 'credentialLifetime',
      effect: msg({
        message:
          'How many milliseconds a credential is valid after its certificate was stored, if the certificate does not expire earlier. Computed once, when the certificate is stored.',
      }),
      defaultText: msg({ message: '`315360000000` (ten years)' }),
      example: '31536000000',
      rule: '2.8',
      form: { kind: 'number', minimum: 1, maximum: 3153600000000, off: false },
    },
    {
      name: 'maxCredFailureCount',
      effect: msg({
        message:
          'The number of failed logins that lock the credential (`fail-locked`) until somebody unlocks it. Every failure since the last success, reset or unlock counts. `-1`: failures never lock it for good.',
      }),
      defaultValue: '3',
      example: '10',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 2147483647, off: true },
    },
    {
      name: 'tmpLockingThreshold',
      effect: msg({
        message:
          'The number of failed logins that lock the credential for a time (`tmp-locked`). `-1`: failures never lock it for a time.',
      }),
      defaultValue: '2',
      example: '5',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 2147483647, off: true },
    },
    {
      name: 'tmpLockingDuration',
      effect: msg({
        message:
          'How many milliseconds a temporary lock lasts. `-1`: failures never lock for a time, and a lock that an administrator sets lasts one minute.',
      }),
      defaultText: msg({ message: '`60000` (one minute)' }),
      example: '300000',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 3153600000000, off: true },
    },
    {
      name: 'tmpLockingMode',
      effect: msg({
        message:
          'What happens after a temporary lock. `strict`: a single further failure locks again. `threshold`: the count towards `tmpLockingThreshold` begins anew.',
      }),
      defaultValue: 'strict',
      example: 'threshold',
      rule: '5.2',
      form: { kind: 'choice', choices: ['strict', 'threshold'] },
    },
    {
      name: 'auditCredentialValue',
      effect: msg({ message: 'Documented for every policy by the vendor; stored without effect.' }),
      defaultValue: 'false',
      example: 'true',
      rule: '2.12',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'validityDateCalculationVersion',
      effect: msg({ message: 'Documented for every policy by the vendor; stored without effect.' }),
      defaultValue: 'v2',
      example: 'v1',
      rule: '2.12',
      form: { kind: 'choice', choices: ['v1', 'v2'] },
    },
  ],
  PwdPolicy: [
    {
      name: 'minLength',
      effect: msg({ message: 'The smallest number of characters of a new password.' }),
      defaultValue: '12',
      example: '16',
      rule: '2.12',
      form: { kind: 'number', minimum: 1, maximum: 250, off: false },
    },
    {
      name: 'allowLoginIdInPassword',
      effect: msg({
        message: "`false`: a new password must not contain the user's login id, whatever the letter case.",
      }),
      defaultValue: 'true',
      example: 'false',
      rule: '2.12',
      form: { kind: 'choice', choices: ['true', 'false'] },
    },
    {
      name: 'credentialLifetime',
      effect: msg({ message: 'How many milliseconds a password is valid after it was set.' }),
      defaultText: msg({ message: '`315360000000` (ten years)' }),
      example: '31536000000',
      rule: '2.8',
      form: { kind: 'number', minimum: 1, maximum: 3153600000000, off: false },
    },
    {
      name: 'maxCredFailureCount',
      effect: msg({
        message:
          'The number of failed logins that lock the credential (`fail-locked`) until somebody unlocks it. Every failure since the last success, reset or unlock counts. `-1`: failures never lock it for good.',
      }),
      defaultValue: '3',
      example: '10',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 2147483647, off: true },
    },
    {
      name: 'tmpLockingThreshold',
      effect: msg({
        message:
          'The number of failed logins that lock the credential for a time (`tmp-locked`). `-1`: failures never lock it for a time.',
      }),
      defaultValue: '2',
      example: '5',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 2147483647, off: true },
    },
    {
      name: 'tmpLockingDuration',
      effect: msg({
        message:
          'How many milliseconds a temporary lock lasts. `-1`: failures never lock for a time, and a lock that an administrator sets lasts one minute.',
      }),
      defaultText: msg({ message: '`60000` (one minute)' }),
      example: '300000',
      rule: '5.2',
      form: { kind: 'number', minimum: 1, maximum: 3153600000000, off: true },
    },
    {
      name: 'tmpLockingMode',
      effect: msg({
        message:
          'What happens after a temporary lock. `strict`: a single further failure locks again. `threshold`: the count towards `tmpLockingThreshold` begins anew.',
      }),
      defaultValue: 'strict',
      example: 'threshold',
      rule: '5.2',
      form: { kind: 'choice', choices: ['strict', 'threshold'] },
    },
  ],
};
