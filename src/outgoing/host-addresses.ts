import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';

import type { AddressRule } from './address-rule.js';
import { OutgoingFailure } from './outgoing-request.js';

/** Two attempts, so that one lost packet does not matter. */
const ATTEMPTS = { timeout: 1_000, tries: 2 };

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * All addresses of a host, from DNS alone. The system's lookup would take one of the few threads that all lookups share,
 * and could not be ended: a name server that does not answer would then delay the lookups of everybody.
 *
 * @param rule - of `localhost`, only addresses that it permits are returned
 * @param nameServers - instead of the system's
 */
export async function addressesOf(
  host: string,
  rule: AddressRule,
  signal: AbortSignal,
  nameServers?: readonly string[],
): Promise<readonly LookupAddress[]> {
  // RFC 6761 section 6.3: nobody is asked for these names, so that one of their addresses may be permitted alone.
  if (/(?:^|\.)localhost\.?$/.test(host)) return LOOPBACK.filter(({ address }) => rule.permits(address));
  const resolver = new Resolver(ATTEMPTS);
  if (nameServers !== undefined) resolver.setServers(nameServers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const found = await Promise.allSettled([
      resolver.resolve4(host).then((addresses) => addresses.map((address) => ({ address, family: 4 }))),
      resolver.resolve6(host).then((addresses) => addresses.map((address) => ({ address, family: 6 }))),
    ]);
    const addresses = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (addresses.length === 0) {
      const cause = found.find((result) => result.status === 'rejected')?.reason as Error | undefined;
      throw new OutgoingFailure('unreachable', 'the name of the host has no address', { cause });
    }
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
