import type { KnownReason } from './known-reason.js';

const LEAF_WITHOUT_EXTENSIONS = [
  'version 1: leaf',
  'version 2: leaf',
  'no extensions: leaf',
  'empty list of extensions: leaf',
];

/** The leaf has no name that a constraint could refuse. */
export const LEAF_WITHOUT_NAMES = ['empty subject*', 'no subjectAltName: leaf', ...LEAF_WITHOUT_EXTENSIONS];

const TRUSTED_LEAF = ['leaf is the anchor', 'leaf is trusted', 'self-signed leaf that is trusted'];

/** Of OpenSSL and of Go. */
export const SHARED_REASONS: readonly Omit<KnownReason, 'implementation'>[] = [
  {
    theirs: 'accepts',
    flaws: ['excluded ip and the same in IPv6: issuer'],
    law: 'RFC 4291 section 2.5.5.2: ::ffff:10.1.2.3 is 10.1.2.3, so an excluded subnet excludes both.',
    why: 'An IPv4-mapped IPv6 address is compared with IPv6 subnets only.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'permitted dns with a leading dot: issuer',
      'excluded dns with a leading dot: issuer',
      'excluded dns with a trailing dot: issuer',
      'excluded dns with a wildcard: issuer',
      'excluded mail empty: issuer',
      'permitted mail empty: issuer',
      'excluded uri whole: issuer',
      'permitted dns with a trailing dot: issuer',
      'permitted ip with a gap in the mask: issuer',
      'excluded ip with a gap in the mask: issuer',
    ],
    law: 'RFC 5280 section 4.2.1.10 gives these constraints no meaning; a constraint that cannot be understood refuses every name of its form.',
    why: 'A malformed constraint is compared as it is, and does not match.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'permitted dns and a partial wildcard: issuer',
      'excluded dns and a partial wildcard: issuer',
      'permitted dns and Latin-1: issuer',
      'permitted dns and an empty label: issuer',
      'excluded dns and an empty label: issuer',
      'excluded dns and an empty name: issuer',
      'excluded dns and a trailing dot: issuer',
      'excluded dns and Latin-1: issuer',
      'permitted mail and two at signs: issuer',
      'excluded mail and two at signs: issuer',
      'excluded mail and an address without host: issuer',
      'excluded uri and a zone: issuer',
      'excluded uri and an address: issuer',
      'excluded uri and no authority: issuer',
    ],
    law: 'RFC 5280 sections 4.2.1.6 and 4.2.1.10: the name is not in the form of its type, so it cannot be shown to be outside the constraint.',
    why: 'A malformed name of a constrained form is compared as it is.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'basicConstraints with data behind: *',
      'constraints with data behind: issuer',
      'BOOLEAN of 01: *',
      'path length of 9 octets: *',
      'keyUsage with set unused bits: *',
      'no policy in the list: *',
      'empty policyConstraints: *',
      'empty policyMappings: *',
      'empty constraints: issuer',
      'empty list of permitted subtrees: issuer',
      'negative policyConstraints: *',
      'negative inhibitAnyPolicy: *',
      'no usage: *',
      'zero usage: *',
      'no purposes: *',
    ],
    law: 'RFC 5280 sections 4.2 and 4.2.1: an extension that decides about the path is DER of its ASN.1 type, and not empty.',
    why: 'The extension is read leniently.',
  },
  {
    theirs: 'accepts',
    flaws: ['version 1 with extensions: *', 'version 1: anchor', 'version 4: *', 'version 2: *'],
    law: 'RFC 5280 section 6.1.4 (k): only a certificate of version 3 can say that it is a CA; 4.1.2.1: there is no version 4.',
    why: 'The version is not looked at, or a trusted certificate need not be a CA.',
  },
  {
    theirs: 'accepts',
    flaws: TRUSTED_LEAF,
    law: 'Contract 11.2 and 12.3: a certificate that is not a CA cannot be an anchor, and the key usage of a leaf must allow signing.',
    why: 'A certificate that is itself in the list of trusted ones is accepted, whatever it says.',
  },
  {
    theirs: 'accepts',
    flaws: TRUSTED_LEAF,
    with: ['*'],
    law: 'Contract 11.2 and 12.3: a certificate that is not a CA cannot be an anchor, and the key usage of a leaf must allow signing.',
    why: 'A certificate that is itself in the list of trusted ones is accepted, whatever it says.',
  },
  {
    theirs: 'accepts',
    flaws: ['nine intermediates'],
    law: 'Contract 12.2: a path has at most eight intermediates.',
    why: 'The limit is higher.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'no digitalSignature: leaf',
      'only nonRepudiation: leaf',
      'only keyAgreement: leaf',
      'leaf is an intermediate',
    ],
    law: 'Contract 12.3 and RFC 5280 section 4.2.1.3: the leaf signs to prove possession of its key.',
    why: 'The key usage of the leaf is not looked at, or keyAgreement suffices.',
  },
  {
    theirs: 'rejects',
    flaws: ['issuer in fullwidth letters: *', 'issuer with a soft hyphen: *', 'issuer with a NUL: *'],
    law: 'RFC 5280 section 7.1 and RFC 4518 sections 2.2 and 2.3: insignificant characters are removed, and compatibility forms are equal.',
    why: 'Names are not prepared for comparison.',
  },
  {
    theirs: 'rejects',
    flaws: ['the same policy twice: *'],
    law: 'RFC 5280 section 4.2.1.4 forbids it, but section 6.1.3 (d) can process it: a finding of the production profile (contract 12.6).',
    why: 'The policies are refused.',
  },
  {
    theirs: 'rejects',
    flaws: ['issuer key critical: *'],
    law: 'RFC 5280 section 4.2.1.1 says that it must not be critical, but the extension is processed: a finding of the production profile (contract 12.6).',
    why: 'A critical authorityKeyIdentifier is refused.',
  },
];
