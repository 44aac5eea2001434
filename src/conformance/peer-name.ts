import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { subjectAltName } from '../x509/certificate/extensions/alternative-names.js';
import type { GeneralName } from '../x509/certificate/extensions/general-name.js';

const KINDS = ['DNS', 'IP', 'RFC822'] as const;

type PeerNameKind = (typeof KINDS)[number];

export interface PeerName {
  readonly kind: PeerNameKind;
  readonly value: string;
}

export function isPeerNameKind(kind: string): kind is PeerNameKind {
  return KINDS.some((known) => known === kind);
}

/**
 * RFC 9525 section 6 (and RFC 6125 before it), RFC 5280 section 7.5 for e-mail addresses. Only the subjectAltName
 * counts: a common name identifies nobody.
 */
export function hasPeerName(certificate: DerCertificate, expected: PeerName): boolean {
  return (certificate.extension(subjectAltName) ?? []).some((presented) => isSameName(presented, expected));
}

function isSameName(presented: GeneralName, { kind, value }: PeerName): boolean {
  switch (presented.kind) {
    case 'dNSName':
      return kind === 'DNS' && isSameDomain(presented.value, value);
    case 'iPAddress':
      return kind === 'IP' && isSameAddress(presented.value, value);
    case 'rfc822Name':
      return kind === 'RFC822' && isSameMailbox(presented.value, value);
    default:
      return false;
  }
}

/** RFC 1123 section 2.1: letters, digits and inner hyphens. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 9525 sections 6.2 and 6.3: as A-labels, without regard to case; a wildcard is one whole leftmost label. */
function isSameDomain(presented: string, expected: string): boolean {
  const [first = '', ...parents] = presented.toLowerCase().split('.');
  const [expectedFirst = '', ...expectedParents] = domainToASCII(expected).split('.');
  const labels = [expectedFirst, ...expectedParents];
  // An address is no domain name, and all of them end with a number.
  if (!labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) return false;
  if (parents.join('.') !== expectedParents.join('.')) return false;
  // A wildcard directly below a top-level domain would stand for every domain that is registered there.
  return first === '*' ? parents.length > 1 : first === expectedFirst;
}

/** RFC 9525 section 6.4: the octets are equal, however the address is written. */
function isSameAddress(presented: Buffer, expected: string): boolean {
  const version = isIP(expected);
  if (version === 0 || presented.length !== (version === 4 ? 4 : 16)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const expectedOnly = new BlockList();
  expectedOnly.addAddress(expected, family);
  const text = version === 4 ? presented.join('.') : presented.toString('hex').replace(/.{4}(?=.)/g, '$&:');
  return expectedOnly.check(text, family);
}

/** RFC 5280 section 7.5: the host without regard to case, the local part octet by octet. */
function isSameMailbox(presented: string, expected: string): boolean {
  const [one, other] = [presented, expected].map((mailbox) => {
    const at = mailbox.lastIndexOf('@');
    return at < 1 ? undefined : `${mailbox.slice(0, at)}@${mailbox.slice(at + 1).toLowerCase()}`;
  });
  return one !== undefined && one === other;
}
