import fc from 'fast-check';
import { expect, test } from 'vitest';

import { distinguishedName } from '../../../test/support/der.js';
import type { GeneralName } from '../certificate/extensions/general-name.js';
import { DerReader } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { isInSubnet, readSubnet } from '../name/ip-subnets.js';
import { readName } from '../name/read-name.js';
import { comparableName, subtreeOf } from './constrained-subtree.js';
import { readUriHost } from './host-names.js';
import { readMailAddress } from './mail-addresses.js';

const pieces = (list: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...list), { maxLength }).map((parts) => parts.join(''));

const host = fc
  .array(fc.constantFrom('a', 'b', 'xn--a', 'B'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));
const hostile = pieces(
  ['a', 'B', '.', '*.', '..', '@', '"', '\\', ' ', ':', '/', '%2e', '\u0000', '\u00e4', '1', 'a.b'],
  6,
);
const address = fc.constantFrom(4, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const octets = (bytes: Uint8Array) => Buffer.from(bytes);

const text = (kind: 'dNSName' | 'rfc822Name' | 'uniformResourceIdentifier', values: fc.Arbitrary<string>) =>
  values.map((value): GeneralName => ({ kind, value }));

const directory = fc.array(fc.constantFrom('a', 'A ', 'b'), { maxLength: 3 }).map((parts): GeneralName => {
  const der = distinguishedName(...parts.map((part) => [['2.5.4.10', Tag.utf8String, part] as const]));
  return { kind: 'directoryName', value: readName(new DerReader(der).next(), []) };
});

const dnsName = text(
  'dNSName',
  fc.oneof(
    host,
    host.map((one) => `*.${one}`),
    hostile,
  ),
);
const mailName = text(
  'rfc822Name',
  fc.oneof(
    host.map((one) => `a@${one}`),
    host.map((one) => `"a"@${one}`),
    hostile,
  ),
);
const uriName = text(
  'uniformResourceIdentifier',
  fc.oneof(
    host.map((one) => `https://${one}`),
    hostile,
  ),
);
const ipName = address.map((bytes): GeneralName => ({ kind: 'iPAddress', value: octets(bytes) }));
const name = fc.oneof(dnsName, mailName, uriName, ipName, directory);

const dnsBase = text('dNSName', fc.oneof(host, fc.constant(''), hostile));
const mailBase = text(
  'rfc822Name',
  fc.oneof(
    host,
    host.map((one) => `.${one}`),
    host.map((one) => `a@${one}`),
    hostile,
  ),
);
const uriBase = text(
  'uniformResourceIdentifier',
  fc.oneof(
    host,
    host.map((one) => `.${one}`),
    hostile,
  ),
);
const ipBase = address.chain((bytes) =>
  fc.nat(bytes.length * 8).map((prefix): GeneralName => ({
    kind: 'iPAddress',
    value: Buffer.concat([octets(bytes), maskOf(prefix, bytes.length)]),
  })),
);
const base = fc.oneof(dnsBase, mailBase, uriBase, ipBase, directory);

function maskOf(prefix: number, length: number): Buffer {
  const bits = '1'.repeat(prefix).padEnd(length * 8, '0');
  return Buffer.from(Array.from({ length }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2)));
}

const numberOf = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);

test('4.2.1.10 what a subtree permits it also excludes', () => {
  fc.assert(
    fc.property(name, base, (one, subtreeBase) => {
      const [comparable, subtree] = [comparableName(one), subtreeOf(subtreeBase)];
      fc.pre(comparable !== undefined && subtree !== undefined);
      expect(subtree.permits(comparable) && !subtree.excludes(comparable)).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('4.2.1.10 a name of one form is neither permitted nor excluded by another form', () => {
  fc.assert(
    fc.property(name, base, (one, subtreeBase) => {
      const [comparable, subtree] = [comparableName(one), subtreeOf(subtreeBase)];
      fc.pre(comparable !== undefined && subtree !== undefined && one.kind !== subtreeBase.kind);
      expect([subtree.permits(comparable), subtree.excludes(comparable)]).toEqual([false, false]);
    }),
  );
});

test('4.2.1.10 a wildcard is permitted only if all its names are, and excluded if one of them is', () => {
  fc.assert(
    fc.property(host, dnsBase, fc.constantFrom('a', 'b', 'xn--a', 'www'), (parent, subtreeBase, label) => {
      const subtree = subtreeOf(subtreeBase);
      const wildcard = comparableName({ kind: 'dNSName', value: `*.${parent}` });
      const one = comparableName({ kind: 'dNSName', value: `${label}.${parent}` });
      fc.pre(subtree !== undefined && wildcard !== undefined && one !== undefined);
      if (subtree.permits(wildcard)) expect(subtree.permits(one)).toBe(true);
      if (subtree.excludes(one)) expect(subtree.excludes(wildcard)).toBe(true);
    }),
  );
});

test('4.2.1.10 every name below a permitted host name is permitted', () => {
  fc.assert(
    fc.property(host, host, (parent, below) => {
      const subtree = subtreeOf({ kind: 'dNSName', value: parent.toUpperCase() });
      const one = comparableName({ kind: 'dNSName', value: `${below}.${parent}` });
      expect(one && subtree?.permits(one)).toBe(true);
    }),
  );
});

test('4.2.1.10 an address is in a subnet exactly if the numbers agree in the bits of the mask', () => {
  fc.assert(
    fc.property(address, address, fc.nat(128), (one, network, bits) => {
      fc.pre(one.length === network.length);
      const prefix = Math.min(bits, network.length * 8);
      const subnet = readSubnet(Buffer.concat([network, maskOf(prefix, network.length)]));
      const shift = BigInt(network.length * 8 - prefix);
      const expected = numberOf(octets(one)) >> shift === numberOf(octets(network)) >> shift;
      expect(subnet && isInSubnet(octets(one), subnet)).toBe(expected);
    }),
  );
});

test('4.2.1.10 a mask that is no prefix has no subnet', () => {
  fc.assert(
    fc.property(address, (mask) => {
      const bits = numberOf(octets(mask))
        .toString(2)
        .padStart(mask.length * 8, '0');
      const subnet = readSubnet(Buffer.concat([Buffer.alloc(mask.length), octets(mask)]));
      expect(subnet === undefined).toBe(bits.includes('01'));
    }),
  );
});

const uri = pieces(
  [
    'http',
    'https:',
    ':',
    '//',
    '/',
    'a.test',
    'b.test',
    '@',
    '\\',
    '?',
    '#',
    '%',
    '%2e',
    '[::1]',
    ':80',
    '.',
    '1',
    '0x7f',
    ' ',
    '\t',
    ';',
    '\u3002',
    'user',
  ],
  9,
);

test('4.2.1.10 a URI whose host is compared has the same host for a browser', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        uri,
        uri.map((rest) => `https://${rest}`),
        uri.map((rest) => `https://a.test${rest}`),
      ),
      (any) => {
        const compared = readUriHost(any);
        fc.pre(compared !== undefined && /^https?:/i.test(any));
        const url = URL.parse(any);
        if (url !== null) expect(url.hostname).toBe(compared);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('4.2.1.10 a mail address that is compared ends with its host', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        hostile,
        hostile.map((local) => `${local}@a.test`),
        hostile.map((local) => `"${local}"@a.test`),
      ),
      (any) => {
        const read = readMailAddress(any);
        fc.pre(read !== undefined);
        expect(any.toLowerCase().endsWith(`@${read.host}`)).toBe(true);
        expect(read.host).not.toContain('@');
      },
    ),
  );
});
