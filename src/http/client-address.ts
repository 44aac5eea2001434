import type { BlockList } from 'node:net';

import { blockListOf, canonicalAddress, familyOf } from '../config/networks.js';

/** Maximum number of hops that are examined; no deployment has this many proxies in a row. */
const MAX_HOPS = 20;

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

/** The address in its canonical form, or undefined if the text is not an address. */
function readAddress(text: string): string | undefined {
  // The longest IPv6 address in brackets with a port.
  if (text.length > 64) return undefined;
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  return canonicalAddress(bracketed ?? dotted ?? text);
}
