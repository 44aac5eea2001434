import { expect, test } from 'vitest';

import { TrustedProxies } from './client-address.js';

const PROXIES = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48']);

test.each<[string, string | undefined, string | undefined, string | undefined]>([
  ['ok/nothing was forwarded', '10.0.0.1', undefined, '10.0.0.1'],
  ['ok/one proxy', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
  ['ok/two proxies', '10.0.0.1', '203.0.113.5, 10.0.0.2', '203.0.113.5'],
  ['ok/a proxy listed by its address', '192.0.2.7', '203.0.113.5', '203.0.113.5'],
  ['ok/a proxy of IPv6', '2001:db8:1::5', '203.0.113.5', '203.0.113.5'],
  ['ok/the farthest hop where all are trusted', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
  ['ok/addresses that the client wrote itself are ignored', '10.0.0.1', '10.9.9.9, 203.0.113.5', '203.0.113.5'],
  ['ok/an IPv4 address in IPv6', '10.0.0.1', '::ffff:203.0.113.5', '203.0.113.5'],
  ['ok/the same in hexadecimal, of a proxy', '10.0.0.1', '203.0.113.5, ::ffff:a00:2', '203.0.113.5'],
  ['ok/an IPv6 address is normalized', '10.0.0.1', '2001:DB8:0:0::9', '2001:db8::9'],
  ['ok/a port', '10.0.0.1', '203.0.113.5:4711', '203.0.113.5'],
  ['ok/a port of IPv6', '10.0.0.1', '[2001:db8::9]:4711', '2001:db8::9'],
  ['ok/brackets', '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
  ['ok/empty elements are ignored', '10.0.0.1', ', 203.0.113.5,, ,', '203.0.113.5'],
  ['fail/a header from an untrusted peer', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['fail/a peer next to a trusted network', '11.0.0.1', '198.51.100.1', '11.0.0.1'],
  ['fail/a name', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
  ['fail/addresses before an invalid one are ignored', '10.0.0.1', '198.51.100.1, _hidden, 10.0.0.2', '10.0.0.2'],
  ['fail/an address with further characters', '10.0.0.1', '203.0.113.5\u0000x', '10.0.0.1'],
  ['fail/a no-break space', '10.0.0.1', '203.0.113.5\u00a0', '10.0.0.1'],
  ['fail/a number out of range', '10.0.0.1', '203.0.113.256', '10.0.0.1'],
  ['fail/a long word', '10.0.0.1', '1'.repeat(10_000), '10.0.0.1'],
  ['fail/nothing', '10.0.0.1', '', '10.0.0.1'],
  ['fail/commas only', '10.0.0.1', ','.repeat(10_000), '10.0.0.1'],
  ['fail/a thousand hops', '10.0.0.1', `203.0.113.5${',10.0.0.2'.repeat(1000)}`, '10.0.0.2'],
  ['fail/a closed connection', undefined, '203.0.113.5', undefined],
])('7.1 the client address behind proxies: %s', (_, peer, forwardedFor, expected) => {
  expect(PROXIES.clientOf(peer, forwardedFor)).toBe(expected);
});

test('7.1 without trusted proxies the header is ignored', () => {
  const none = new TrustedProxies([]);
  expect([none.has('127.0.0.1'), none.clientOf('127.0.0.1', '203.0.113.5')]).toEqual([false, '127.0.0.1']);
});
