import type { GeneralName } from '../certificate/extensions/general-name.js';
import { isWithinSubtree } from '../name/compare-names.js';
import { isInSubnet, readSubnet } from '../name/ip-subnets.js';
import type { Name } from '../name/name.js';
import { isBelow, readHost, readUriHost } from './host-names.js';
import { type MailAddress, readInternationalMailAddress, readMailAddress } from './mail-addresses.js';

/** A name in the form in which constraints compare it. */
export type ComparableName =
  | { readonly kind: 'directoryName'; readonly name: Name }
  /** `host` without the `*.` of a wildcard. */
  | { readonly kind: 'dNSName'; readonly host: string; readonly isWildcard: boolean }
  | ({ readonly kind: 'rfc822Name' } & MailAddress)
  | { readonly kind: 'uniformResourceIdentifier'; readonly host: string }
  | { readonly kind: 'iPAddress'; readonly address: Buffer };

/** One subtree of a name constraint. A name of another form is neither permitted nor excluded by it. */
export interface Subtree {
  /** Whether everything that `name` stands for is within the subtree. */
  permits(name: ComparableName): boolean;
  /** Whether anything that `name` stands for is within the subtree. */
  excludes(name: ComparableName): boolean;
}

/** Undefined if the name is malformed or of a form that is not compared. */
export function comparableName(name: GeneralName): ComparableName | undefined {
  switch (name.kind) {
    case 'directoryName':
      return { kind: 'directoryName', name: name.value };
    case 'dNSName':
      return comparableDnsName(name.value);
    case 'rfc822Name':
      return comparableMailAddress(readMailAddress(name.value));
    case 'uniformResourceIdentifier': {
      const host = readUriHost(name.value);
      return host === undefined ? undefined : { kind: 'uniformResourceIdentifier', host };
    }
    case 'iPAddress':
      return { kind: 'iPAddress', address: name.value };
    default:
      return undefined;
  }
}

/** RFC 9598 section 6: the constraints on rfc822Name apply to SmtpUTF8Mailbox as well. */
export function comparableInternationalAddress(text: string): ComparableName | undefined {
  return comparableMailAddress(readInternationalMailAddress(text));
}

function comparableMailAddress(address: MailAddress | undefined): ComparableName | undefined {
  return address === undefined ? undefined : { kind: 'rfc822Name', ...address };
}

function comparableDnsName(text: string): ComparableName | undefined {
  const isWildcard = text.startsWith('*.');
  const host = readHost(isWildcard ? text.slice(2) : text);
  return host === undefined ? undefined : { kind: 'dNSName', host, isWildcard };
}

/** RFC 5280 section 4.2.1.10. Undefined if the base is malformed or of a form that is not compared. */
export function subtreeOf(base: GeneralName): Subtree | undefined {
  switch (base.kind) {
    case 'directoryName':
      return sameBothWays((name) => name.kind === 'directoryName' && isWithinSubtree(name.name, base.value));
    case 'dNSName':
      return dnsSubtree(base.value);
    case 'rfc822Name':
      return mailSubtree(base.value);
    case 'uniformResourceIdentifier':
      return uriSubtree(base.value);
    case 'iPAddress':
      return addressSubtree(base.value);
    default:
      return undefined;
  }
}

function sameBothWays(contains: (name: ComparableName) => boolean): Subtree {
  return { permits: contains, excludes: contains };
}

/**
 * A leading dot is malformed: RFC 5280 gives it a meaning for URIs and mail addresses only. The empty base is the whole
 * name space. A wildcard is within a domain if its parent is, and touches every child of its parent.
 */
function dnsSubtree(text: string): Subtree | undefined {
  const base = readHost(text);
  if (base === undefined && text !== '') return undefined;
  const contains = (host: string) => base === undefined || host === base || isBelow(host, base);
  const parent = base?.slice(base.indexOf('.') + 1);
  return {
    permits: (name) => name.kind === 'dNSName' && contains(name.host),
    excludes: (name) => name.kind === 'dNSName' && (contains(name.host) || (name.isWildcard && name.host === parent)),
  };
}

/** A mailbox, a host, or with a leading dot the hosts below a domain. */
function mailSubtree(text: string): Subtree | undefined {
  if (!text.includes('@')) {
    const contains = hostSubtree(text);
    return contains && sameBothWays((name) => name.kind === 'rfc822Name' && contains(name.host));
  }
  const mailbox = readMailAddress(text);
  if (mailbox === undefined) return undefined;
  return sameBothWays(
    (name) => name.kind === 'rfc822Name' && name.localPart === mailbox.localPart && name.host === mailbox.host,
  );
}

/** A host, or with a leading dot the hosts below a domain. */
function uriSubtree(text: string): Subtree | undefined {
  const contains = hostSubtree(text);
  return contains && sameBothWays((name) => name.kind === 'uniformResourceIdentifier' && contains(name.host));
}

function hostSubtree(text: string): ((host: string) => boolean) | undefined {
  const isDomain = text.startsWith('.');
  const base = readHost(isDomain ? text.slice(1) : text);
  if (base === undefined) return undefined;
  return isDomain ? (host) => isBelow(host, base) : (host) => host === base;
}

function addressSubtree(octets: Buffer): Subtree | undefined {
  const subnet = readSubnet(octets);
  if (subnet === undefined) return undefined;
  return {
    permits: (name) => name.kind === 'iPAddress' && isInSubnet(name.address, subnet),
    excludes: (name) => name.kind === 'iPAddress' && isInSubnet(name.address, subnet, 'orMapped'),
  };
}
