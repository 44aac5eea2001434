import { expect, it } from 'vitest';

import { tlv } from '../../../test/support/der.js';
import { authority, endEntity, extensions } from '../../../test/support/signed-certificate.js';
import { distributionPoints, relativeName, uri } from '../../../test/support/signed-crl.js';
import { sourcesOf } from './sources-of.js';

const root = authority('Root');
const sources = (...and: readonly Buffer[]) =>
  sourcesOf(endEntity(root, { and }).certificate).map(({ kind, url }) => `${kind} ${url}`);

it('13.2 OCSP first, then distribution points, as the certificate has them', () => {
  const points = distributionPoints({ name: uri('http://crl.example/a') }, { name: uri('HTTP://crl.example/b%20') });
  const access = extensions.access([2, 'http://issuer.example'], [1, 'http://ocsp.example']);
  expect(sources(points, access)).toEqual([
    'ocsp http://ocsp.example',
    'crl http://crl.example/a',
    'crl HTTP://crl.example/b%20',
  ]);
});

it('13.2 a certificate may name none', () => {
  expect(sources()).toEqual([]);
  expect(sources(distributionPoints({ name: relativeName('A') }, { issuer: root }))).toEqual([]);
});

it.each([
  'https://a.example',
  'ldap://a.example/cn=CRL',
  'file:///etc/passwd',
  'ftp://a.example',
  '//a.example',
  '',
  'http://',
])('13.3 only absolute http addresses: not %s', (address) => {
  const points = distributionPoints({ name: uri(address) });
  expect(sources(points, extensions.access([1, address], [1, 'http://b.example']))).toEqual(['ocsp http://b.example']);
});

it('13.3 only URIs, also where another name looks like one', () => {
  const dnsName = tlv(0xa0, tlv(0x82, Buffer.from('http://dns.example')));
  expect(sources(distributionPoints({ name: dnsName }, { name: uri('http://b.example') }))).toEqual([
    'crl http://b.example',
  ]);
});

const firstFour = (kind: string) => [1, 2, 3, 4].map((number) => `${kind} http://${number}.example`);

it('13.3 four of each kind at most, each once', () => {
  const urls = [1, 1, 2, 3, 3, 4, 5].map((number) => `http://${number}.example`);
  const points = distributionPoints(...urls.map((url) => ({ name: uri(url) })));
  expect(sources(points, extensions.access(...urls.map((url) => [1, url] as const)))).toEqual([
    ...firstFour('ocsp'),
    ...firstFour('crl'),
  ]);
});
