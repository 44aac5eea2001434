import { BlockList, isIP, SocketAddress } from 'node:net';

/** Hops that are looked at; more proxies than anybody has in a row. */
const MAX_HOPS = 20;

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/;

const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** Such as `192.0.2.1:4711` and `[2001:db8::1]:4711`: some proxies add the port. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/** Whose word counts for where a request comes from: addresses, or networks in the form 10.0.0.0/8. */
export class TrustedProxies {
  /** Undefined where nobody is trusted: then a request costs nothing more. */
  private readonly networks: BlockList | undefined;

  constructor(networks: readonly string[]) {
    if (networks.length > 0) this.networks = blockListOf(networks);
  }

  has(address: string | undefined): boolean {
    return this.networks !== undefined && address !== undefined && this.networks.check(address, familyOf(address));
  }

  /**
   * The nearest hop that is not trusted, from the connection backwards through X-Forwarded-For, to which each proxy
   * appends whom it was called by. Where a trusted proxy names no address, nothing to the left of that is anybody's
   * word: the proxy itself is the nearest that is known.
   */
  clientOf(peer: string | undefined, forwardedFor: string | readonly string[] | undefined): string | undefined {
    let client = peer;
    if (typeof forwardedFor !== 'string' || !this.has(client)) return client;
    let end = forwardedFor.length;
    for (let hop = 0; hop < MAX_HOPS && end >= 0 && this.has(client); hop += 1) {
      const comma = end === 0 ? -1 : forwardedFor.lastIndexOf(',', end - 1);
      const sent = forwardedFor.slice(comma + 1, end);
      // `trim` would drop bytes that are no blanks in a header, such as that of U+00A0.
      if (!PRINTABLE.test(sent)) break;
      const element = sent.trim();
      end = comma;
      // RFC 9110 section 5.6.1: an empty element of a list is none.
      if (element === '') continue;
      const before = readAddress(element);
      if (before === undefined) break;
      client = before;
    }
    return client;
  }
}

/** The address of a connection, an IPv4 one in its own form where the socket is of IPv6. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? (MAPPED.exec(address)?.[1] ?? address) : address;
}

/** In the one form that each address has (RFC 5952), or undefined where the text is none. */
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
