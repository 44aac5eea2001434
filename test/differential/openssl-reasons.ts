import type { KnownReason } from './known-reason.js';
import { LEAF_WITHOUT_NAMES } from './shared-reasons.js';

export const OPENSSL_REASONS: readonly Omit<KnownReason, 'implementation'>[] = [
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
    with: ['no certificatePolicies: *', 'empty list of extensions: leaf', 'no extensions: leaf'],
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
      'version 1: anchor',
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
