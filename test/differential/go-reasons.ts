import type { KnownReason } from './known-reason.js';
import { LEAF_WITHOUT_NAMES } from './shared-reasons.js';

const CONSTRAINTS_OTHER_THAN_GO = [
  'permitted directory*',
  'excluded directory*',
  'permitted registeredID*',
  'excluded registeredID*',
  'permitted otherName*',
  'excluded otherName*',
];

export const GO_REASONS: readonly Omit<KnownReason, 'implementation'>[] = [
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
    why: 'The size of the key is not checked.',
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
    why: 'The subject is not compared.',
  },
  {
    theirs: 'accepts',
    flaws: ['permitted mail host around it: issuer', 'permitted uri host around it: issuer'],
    law: 'RFC 5280 section 4.2.1.10: without a leading dot, a constraint on mail or URIs names one host.',
    why: 'A host also stands for all hosts below it.',
  },
  {
    theirs: 'rejects',
    flaws: ['excluded mail host around it: issuer', 'excluded uri host around it: issuer'],
    law: 'RFC 5280 section 4.2.1.10: without a leading dot, a constraint on mail or URIs names one host.',
    why: 'A host also stands for all hosts below it.',
  },
  {
    theirs: 'accepts',
    flaws: ['permitted *', 'excluded *'],
    with: ['alternative name of an unknown kind: leaf'],
    law: 'RFC 5280 section 4.2.1.6 has no such kind: it could be a name of the constrained form.',
    why: 'Names of unknown types are ignored.',
  },
  {
    theirs: 'accepts',
    flaws: ['version 1 with extensions: leaf', 'version 1: leaf', 'version 2: leaf'],
    with: ['*'],
    law: 'RFC 5280 section 4.1.2.9: extensions belong to version 3; certkeep reads and checks them in every version.',
    why: 'The extensions of versions 1 and 2 are ignored.',
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
