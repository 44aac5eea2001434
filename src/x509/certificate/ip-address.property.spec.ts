import fc from 'fast-check';
import { expect, it } from 'vitest';

import { formatAddress } from './ip-address.js';

const groups = (address: string) => (address === '' ? [] : address.split(':'));

/** The octets of an IPv6 address in any form of RFC 4291 section 2.2. */
function parse(address: string): Buffer {
  const [, head, ipv4] = /^(.*:)(\d+(?:\.\d+){3})$/.exec(address) ?? [];
  const tail = (ipv4 ?? '').split('.').map(Number);
  const plain = head === undefined ? address : `${head}${tail.length === 4 ? hexGroups(tail) : ''}`;
  const [before = '', after] = plain.split('::');
  const missing = after === undefined ? 0 : 8 - groups(before).length - groups(after).length;
  const all = [...groups(before), ...Array.from({ length: missing }, () => '0'), ...groups(after ?? '')];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function hexGroups([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string {
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** Zeros are as frequent as they are in addresses. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((numbers) => Buffer.from(numbers.map((number) => number.toString(16).padStart(4, '0')).join(''), 'hex'));

it('2.8 an IPv6 address is shown in a form that stands for it, and for nothing else', () => {
  fc.assert(
    fc.property(ipv6, (octets) => {
      expect(parse(formatAddress(octets))).toEqual(octets);
    }),
  );
});

it('2.8 the form is that of RFC 5952, as the URL standard has it too', () => {
  fc.assert(
    fc.property(ipv6, (octets) => {
      const address = formatAddress(octets);
      fc.pre(!address.includes('.'));
      expect(new URL(`http://[${address}]`).hostname).toBe(`[${address}]`);
    }),
  );
});

it.each([
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000000000000000000000', '2001:db8::'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ['20010db8000100010001000100000001', '2001:db8:1:1:1:1:0:1'],
  ['7f000001', '127.0.0.1'],
])('2.8 the address %s is %s', (octets, address) => {
  expect(formatAddress(Buffer.from(octets, 'hex'))).toBe(address);
});
