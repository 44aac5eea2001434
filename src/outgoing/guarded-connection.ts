import type { LookupAddress } from 'node:dns';
import type { RequestOptions } from 'node:http';
import { isIP, type LookupFunction, type Socket } from 'node:net';

import type { AddressRule } from './address-rule.js';
import { OutgoingFailure } from './outgoing-request.js';

type AddressesOf = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * A new connection for one request, to addresses that the rule permits. It uses exactly the addresses that were checked, so
 * that a changed DNS response has no effect.
 *
 * @throws OutgoingFailure if the host is an address that the rule does not permit, which no lookup would see
 */
export function guardedConnection(url: URL, rule: AddressRule, addressesOf: AddressesOf): RequestOptions {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !rule.permits(host)) throw new OutgoingFailure('refused', rule.refusal);
  return { agent: false, lookup: guardedLookup(rule, addressesOf) };
}

/** Returns the addresses of a name if all of them are permitted, otherwise an error. */
function guardedLookup(rule: AddressRule, addressesOf: AddressesOf): LookupFunction {
  return (hostname, options, done) => {
    addressesOf(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => rule.permits(address))) {
          done(new OutgoingFailure('refused', rule.refusal), []);
        } else if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, []),
    );
  };
}

/** Ends a connection to any other address before anything is sent, whatever the lookup said. */
export function guardSocket(socket: Socket, rule: AddressRule): void {
  const check = (): void => {
    if (!rule.permits(socket.remoteAddress ?? '')) socket.destroy(new OutgoingFailure('refused', rule.refusal));
  };
  // Before the listener that sends what has been written so far.
  if (socket.connecting) socket.prependOnceListener('connect', check);
  else check();
}
