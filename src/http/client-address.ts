import { BlockList, isIP, SocketAddress } from 'node:net';

/** Maximum number of hops that are examined; no deployment has this many proxies in a row. */
const MAX_HOPS = 20;

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/;

const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** Some proxies add the port, as in `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/** The proxies whose `X-Forwarded-For` is trusted: addresses, or networks in CIDR notation (10.0.0.0/8). */
export class TrustedProxies {
  /** Undefined if no proxy is trusted, so that requests then cost nothing extra. */
  private readonly networks: BlockList | undefined;

  constructor(networks: readonly string[]) {
    if (networks.length > 0) this.networks = blockListOf(networks);
  }

  has(address: string | undefined): boolean {
    return this.networks !== undefined && address !== undefined && this.networks.check(address, familyOf(address));
  }

  /**
   * The nearest hop that is not trusted. Starts at the connection and reads X-Forwarded-For from right to left, because
   * each proxy appends the address of its peer. If a trusted proxy sent something that is not an address, nothing to
   * the left of it can be trusted, and the proxy itself is the nearest known hop.
   */
  clientOf(peer: string | undefined, forwardedFor: string | readonly string[] | undefined): string | undefined {
    let client = peer;
    if (typeof forwardedFor !== 'string' || !this.has(client)) return client;
    let end = forwardedFor.length;
    for (let hop = 0; hop < MAX_HOPS && end >= 0 && this.has(client); hop += 1) {
      const comma = end === 0 ? -1 : forwardedFor.lastIndexOf(',', end - 1);
      const sent = forwardedFor.slice(comma + 1, end);
      // `trim` would also remove characters that are not whitespace in a header, such as U+00A0.
      if (!PRINTABLE.test(sent)) break;
      const element = sent.trim();
      end = comma;
      // RFC 9110 section 5.6.1: empty list elements are ignored.
      if (element === '') continue;
      const before = readAddress(element);
      if (before === undefined) break;
      client = before;
    }
    return client;
  }
}

/** The peer address of a connection. An IPv4-mapped IPv6 address is returned as plain IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? (MAPPED.exec(address)?.[1] ?? address) : address;
}

/** The canonical form of the address (RFC 5952), or undefined if the text is not an address. */
function readAddress(text: string): string | undefined {
  // The longest IPv6 address in brackets with a port.
  if (text.length > 64) return undefined;
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? address : plainAddress(new SocketAddress({ address, family: 'ipv6' }).address);
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
