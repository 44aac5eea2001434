export type Implementation = 'OpenSSL' | 'Go';

/** Why an implementation may have another result than certkeep. */
export interface KnownReason {
  readonly implementation: Implementation;
  /** The other result; certkeep has the opposite. */
  readonly theirs: 'accepts' | 'rejects';
  /** Names of flaws, each of which suffices, or the beginnings of their names before `*`. */
  readonly flaws: readonly string[];
  /** Flaws that are needed as well, if the first alone is not enough. */
  readonly with?: readonly string[];
  /** What certkeep goes by. */
  readonly law: string;
  /** What the other one does. */
  readonly why: string;
}

const CONSTRAINTS_OTHER_THAN_GO = [
  'permitted directory*',
  'excluded directory*',
  'permitted registeredID*',
  'excluded registeredID*',
  'permitted otherName*',
  'excluded otherName*',
];

/** Without them, or in a version that has none, the leaf has no name that a constraint on its form could refuse. */
const LEAF_WITHOUT_NAMES = [
  'empty subject*',
  'no subjectAltName: leaf',
  'version *: leaf',
  'no extensions: leaf',
  'empty list of extensions: leaf',
];

const BOTH: readonly Omit<KnownReason, 'implementation'>[] = [
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
    law: 'RFC 5280 sections 4.2.1.6 and 4.2.1.10: the name is not in the form of its type, so nobody can say that it is outside.',
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
    flaws: ['nine intermediates'],
    law: 'Contract 12.2: a path has at most eight intermediates.',
    why: 'Its limit is higher.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'no digitalSignature: leaf',
      'only nonRepudiation: leaf',
      'only keyAgreement: leaf',
      'leaf is an intermediate',
    ],
    law: 'Contract 12.3 and RFC 5280 section 4.2.1.3: the leaf signs to prove its key.',
    why: 'The key usage of the leaf is not looked at, or keyAgreement suffices.',
  },
  {
    theirs: 'rejects',
    flaws: ['issuer in fullwidth letters: *', 'issuer with a soft hyphen: *', 'issuer with a NUL: *'],
    law: 'RFC 5280 section 7.1 and RFC 4518 sections 2.2 and 2.3: characters that mean nothing are removed, compatibility forms are equal.',
    why: 'Names are not prepared for comparison.',
  },
  {
    theirs: 'rejects',
    flaws: ['the same policy twice: *'],
    law: 'RFC 5280 section 4.2.1.4 forbids it, but section 6.1.3 (d) processes it without doubt: a finding of the production profile (contract 12.6).',
    why: 'The policies are refused.',
  },
  {
    theirs: 'rejects',
    flaws: ['issuer key critical: *'],
    law: 'RFC 5280 section 4.2.1.1 says that it is not critical; the extension is processed, hence a finding of the production profile (contract 12.6).',
    why: 'A critical authorityKeyIdentifier is refused.',
  },
];

const OPENSSL: readonly Omit<KnownReason, 'implementation'>[] = [
  {
    theirs: 'accepts',
    flaws: ['excluded dns and a wildcard of its parent: issuer'],
    law: 'RFC 5280 section 4.2.1.10: what is excluded is invalid; the wildcard stands for an excluded name too.',
    why: 'A wildcard is compared as if it were a label.',
  },
  {
    theirs: 'accepts',
    flaws: ['excluded mail and a quoted address: issuer'],
    law: 'RFC 5321 section 4.1.2: "jane"@host and jane@host are the same mailbox.',
    why: 'Quoted local parts are compared with their quotes.',
  },
  {
    theirs: 'rejects',
    flaws: ['permitted mail and a quoted address: issuer'],
    law: 'RFC 5321 section 4.1.2: "jane"@host and jane@host are the same mailbox.',
    why: 'Quoted local parts are compared with their quotes.',
  },
  {
    theirs: 'accepts',
    flaws: ['data after the certificate: leaf', 'length that is not minimal: leaf'],
    law: 'RFC 5280 section 4.1: a certificate is DER, and nothing else.',
    why: 'BER is read, and what follows is ignored.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'inhibitAnyPolicy that cannot be read: anchor',
      'policies that cannot be read: anchor',
      'policyConstraints that cannot be read: anchor',
      'two certificatePolicies: anchor',
      'no basicConstraints: anchor',
    ],
    law: 'Contract 11.2: what an anchor says about itself is honoured; what cannot be read is not proven.',
    why: 'The policies of an anchor are not read, and a self-signed one need not say that it is a CA.',
  },
  {
    theirs: 'accepts',
    flaws: ['negative inhibitAnyPolicy: leaf', 'negative policyConstraints: leaf', 'two certificatePolicies: *'],
    with: ['no certificatePolicies: *'],
    law: 'RFC 5280 section 4.2: an extension that decides about the path can be read.',
    why: 'Without policies, the other policy extensions are not read.',
  },
  {
    theirs: 'accepts',
    flaws: ['two unknown extensions: *'],
    law: 'RFC 5280 section 4.2: a certificate must not include more than one instance of an extension.',
    why: 'Only extensions that are known are counted.',
  },
  {
    theirs: 'rejects',
    flaws: ['ends at the instant: *'],
    law: 'RFC 5280 section 4.1.2.5: the period is from notBefore through notAfter, inclusive.',
    why: 'A certificate is expired in its last second.',
  },
  {
    theirs: 'rejects',
    flaws: ['any purpose: *', 'any purpose and serverAuth: *'],
    law: 'RFC 5280 section 4.2.1.12: with anyExtendedKeyUsage the other purposes need not be there.',
    why: 'anyExtendedKeyUsage does not stand for clientAuth.',
  },
  {
    theirs: 'rejects',
    flaws: ['another issuer key: *', 'another subjectKeyIdentifier: *', 'issuer of the issuer: *'],
    law: 'RFC 5280 section 4.2.1.1: key identifiers help to find an issuer; section 6.1 does not compare them.',
    why: 'An issuer whose identifiers differ is not tried.',
  },
  {
    theirs: 'rejects',
    flaws: [
      'no authorityKeyIdentifier: *',
      'empty authorityKeyIdentifier: *',
      'no extensions: leaf',
      'empty list of extensions: leaf',
      'version 1: leaf',
      'version 2: leaf',
      'no subjectKeyIdentifier: *',
      'the issuer is certified twice, once by a stranger',
      'the issuer is certified twice, once expired',
    ],
    law: 'Contract 12.2: every way is tried before the path counts as not found.',
    why: 'The first issuer of the right name is taken, and no other is tried.',
  },
  {
    theirs: 'rejects',
    flaws: ['subject as the issuer: leaf'],
    law: 'RFC 5280 section 6.1: a certificate is self-signed if its own key verifies it, not if two names are equal.',
    why: 'Equal names make it self-signed.',
  },
  {
    theirs: 'rejects',
    flaws: ['permitted dns and a host as common name only: issuer'],
    law: 'RFC 5280 section 4.2.1.10: a constraint on dNSName applies to names in the subjectAltName.',
    why: 'A common name that looks like a host is compared with DNS constraints.',
  },
  {
    theirs: 'rejects',
    flaws: ['alternative name of an unknown kind: leaf', 'directory name that cannot be read: leaf'],
    law: 'RFC 5280 section 6.1.3 (b) and (c): names matter where they are constrained, and then an unreadable one is refused.',
    why: 'A subjectAltName with one unreadable name is refused as a whole.',
  },
  {
    theirs: 'rejects',
    flaws: ['permitted directory malformed: issuer', 'excluded directory malformed: issuer'],
    with: LEAF_WITHOUT_NAMES,
    law: 'RFC 5280 section 4.2.1.10: a constraint applies only to names of its form, and there is none.',
    why: 'An extension with one unreadable constraint is refused as a whole.',
  },
];

const GO: readonly Omit<KnownReason, 'implementation'>[] = [
  {
    theirs: 'accepts',
    flaws: ['time without seconds: *', 'time with an offset: *'],
    law: 'RFC 5280 section 4.1.2.5.1: a UTCTime includes seconds and ends with Z.',
    why: 'Other forms of UTCTime are read.',
  },
  {
    theirs: 'accepts',
    flaws: ['RSA key of 1024 bits: leaf'],
    law: 'Contract 12.3: RSA keys under 2048 bits fail.',
    why: 'The size of a key is not looked at.',
  },
  {
    theirs: 'accepts',
    flaws: ['minimum 1: issuer', 'maximum: issuer'],
    law: 'RFC 5280 section 4.2.1.10: minimum must be zero, and maximum absent.',
    why: 'minimum and maximum are ignored.',
  },
  {
    theirs: 'accepts',
    flaws: ['excluded mail and SmtpUTF8Mailbox inside: issuer', 'permitted mail and SmtpUTF8Mailbox outside: issuer'],
    law: 'RFC 9598 section 6: constraints on rfc822Name apply to SmtpUTF8Mailbox.',
    why: 'otherName is not read.',
  },
  {
    theirs: 'accepts',
    flaws: [
      'permitted mail and an address in the subject: issuer',
      'permitted mail and an address in the subject only: issuer',
    ],
    law: 'RFC 5280 section 4.2.1.10: a constraint on rfc822Name applies to emailAddress in the subject.',
    why: 'The subject is not looked at.',
  },
  {
    theirs: 'accepts',
    flaws: ['permitted mail host around it: issuer', 'permitted uri host around it: issuer'],
    law: 'RFC 5280 section 4.2.1.10: without a leading dot, a constraint on mail or URIs names one host.',
    why: 'A host stands for all below it as well.',
  },
  {
    theirs: 'rejects',
    flaws: ['excluded mail host around it: issuer', 'excluded uri host around it: issuer'],
    law: 'RFC 5280 section 4.2.1.10: without a leading dot, a constraint on mail or URIs names one host.',
    why: 'A host stands for all below it as well.',
  },
  {
    theirs: 'accepts',
    flaws: ['permitted *', 'excluded *'],
    with: ['alternative name of an unknown kind: leaf'],
    law: 'RFC 5280 section 4.2.1.6 has no such kind: it could be a name of the constrained form.',
    why: 'Kinds of names that are not known are ignored.',
  },
  {
    theirs: 'accepts',
    flaws: ['version 1 with extensions: leaf'],
    with: ['*'],
    law: 'RFC 5280 section 4.1.2.9: extensions are of version 3; certkeep reads and checks them in every version.',
    why: 'The extensions of version 1 are ignored.',
  },
  {
    theirs: 'rejects',
    flaws: [
      'issuer in capitals: *',
      'issuer with more spaces: *',
      'issuer as PrintableString: *',
      'issuer as IA5String: *',
      'issuer as BMPString: *',
    ],
    law: 'RFC 5280 section 7.1: case, string type and insignificant spaces make no difference.',
    why: 'Names are compared byte by byte.',
  },
  {
    theirs: 'rejects',
    flaws: CONSTRAINTS_OTHER_THAN_GO,
    law: 'RFC 5280 section 4.2.1.10: constraints on directoryName are processed; on another form they refuse only names of that form.',
    why: 'Critical constraints on other forms than DNS, mail, URI and IP are refused.',
  },
  {
    theirs: 'rejects',
    flaws: CONSTRAINTS_OTHER_THAN_GO,
    with: LEAF_WITHOUT_NAMES,
    law: 'RFC 5280 section 4.2.1.10: a constraint applies only to names of its form, and there is none.',
    why: 'Critical constraints on other forms than DNS, mail, URI and IP are refused.',
  },
  {
    theirs: 'rejects',
    flaws: ['permitted *', 'excluded *', 'minimum *', 'maximum*'],
    with: LEAF_WITHOUT_NAMES,
    law: 'RFC 5280 section 4.2.1.10: a constraint applies only to names of its form, and there is none.',
    why: 'An extension with one unreadable constraint is refused as a whole.',
  },
  {
    theirs: 'rejects',
    flaws: ['self-issued certificate and path length 0'],
    law: 'RFC 5280 section 6.1.4 (l): self-issued certificates do not count.',
    why: 'Self-issued certificates count as part of the length.',
  },
  {
    theirs: 'rejects',
    flaws: ['self-issued certificate*'],
    with: ['path length *'],
    law: 'RFC 5280 section 6.1.4 (l): self-issued certificates do not count.',
    why: 'Self-issued certificates count as part of the length.',
  },
  {
    theirs: 'rejects',
    flaws: ['negative serial number: *'],
    law: 'RFC 5280 section 4.1.2.2: certificate users should handle such serial numbers gracefully.',
    why: 'The certificate is refused.',
  },
  {
    theirs: 'rejects',
    flaws: ['IP address of five octets: leaf'],
    law: 'RFC 5280 section 6.1.3 (b) and (c): names matter where they are constrained, and then an unreadable one is refused.',
    why: 'A subjectAltName with one unreadable name is refused as a whole.',
  },
];

export const KNOWN_REASONS: readonly KnownReason[] = [
  ...BOTH.flatMap((reason): KnownReason[] => [
    { implementation: 'OpenSSL', ...reason },
    { implementation: 'Go', ...reason },
  ]),
  ...OPENSSL.map((reason): KnownReason => ({ implementation: 'OpenSSL', ...reason })),
  ...GO.map((reason): KnownReason => ({ implementation: 'Go', ...reason })),
];
