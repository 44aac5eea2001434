import type { AllowedNetwork } from '../config/network-lists.js';
import { blockListOf, canonicalAddress, familyOf } from '../config/networks.js';
import { isPublicAddress } from './public-address.js';

/** To which addresses a request may be sent. */
export interface AddressRule {
  readonly permits: (address: string) => boolean;
  /** What is said of a host that has another address. */
  readonly refusal: string;
}

export const PUBLIC_ONLY: AddressRule = {
  permits: isPublicAddress,
  refusal: 'the host has an address that is not public',
};

const PORTS: readonly number[] = [80, 443];

/** Where requests to the addresses in certificates may go (contract 13.3): public addresses, and OUTGOING_ALLOW. */
export class SourceRules {
  private readonly allowed;

  constructor(networks: readonly AllowedNetwork[]) {
    this.allowed = networks.map(({ network, ports }) => ({ list: blockListOf([network]), ports }));
  }

  /** Why no request is sent to the URL, whatever the addresses of its host are. */
  problemOf(url: URL): string | undefined {
    if (url.protocol !== 'http:') return 'the URL is not one of plain http';
    if (url.username !== '' || url.password !== '') return 'the URL contains credentials';
    if (url.href.includes('#')) return 'the URL has a fragment';
    const port = portOf(url);
    if (!PORTS.includes(port) && !this.allowed.some(({ ports }) => ports.includes(port))) {
      return 'the URL has a port that is neither 80 nor 443 nor in OUTGOING_ALLOW';
    }
    return undefined;
  }

  rulesFor(url: URL): AddressRule {
    const port = portOf(url);
    return {
      permits: (address) => this.permits(address, port),
      refusal: 'the host has an address that is neither public nor in OUTGOING_ALLOW for this port',
    };
  }

  private permits(text: string, port: number): boolean {
    // The zone of a link-local address names an interface of this machine.
    const address = text.includes('%') ? undefined : canonicalAddress(text);
    if (address === undefined) return false;
    if (PORTS.includes(port) && isPublicAddress(address)) return true;
    return this.allowed.some(({ list, ports }) => ports.includes(port) && list.check(address, familyOf(address)));
  }
}

function portOf({ port }: URL): number {
  return port === '' ? 80 : Number(port);
}
