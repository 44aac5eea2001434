import { expect, test } from 'vitest';

import { plainAddress } from './networks.js';

test('7.1 an IPv4 connection to an IPv6 socket has its IPv4 address', () => {
  const addresses = ['::ffff:127.0.0.1', '127.0.0.1', '::1', '::ffff:0:1', undefined];
  expect(addresses.map(plainAddress)).toEqual(['127.0.0.1', '127.0.0.1', '::1', '::ffff:0:1', undefined]);
});
