import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

import { isPublicAddress } from './public-address.js';

/**
 * Looks up a name and returns its addresses if all of them are public, otherwise an error. The connection uses exactly
 * the addresses that were checked, so a changed DNS response has no effect.
 */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }).then(
    (addresses) => {
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        done(new Error('the host has an address that is not public'), []);
        return;
      }
      const [first] = addresses as [LookupAddress, ...LookupAddress[]];
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    },
    (error: Error) => done(error, []),
  );
};
