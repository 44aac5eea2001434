import { BlockList, isIP, SocketAddress } from 'node:net';

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/;

/** Addresses and networks in CIDR notation (10.0.0.0/8), as settings list them. */
export function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** The address of a socket. An IPv4-mapped IPv6 address is returned as plain IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? (MAPPED.exec(address)?.[1] ?? address) : address;
}

/** The canonical form of the address (RFC 5952), an IPv4-mapped one as plain IPv4; undefined if the text is none. */
export function canonicalAddress(text: string): string | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  return version === 4 ? text : plainAddress(new SocketAddress({ address: text, family: 'ipv6' }).address);
}
