import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

import { isPublicAddress } from './public-address.js';

/**
 * The addresses of a name, all of which are public, or an error. The connection goes to the very addresses that were
 * checked here: a name cannot change its mind in between.
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
