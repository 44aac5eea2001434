import { describe, expect, it } from 'vitest';

import { distinguishedName, extension, hex, sequence, tlv } from '../../test/support/der.js';
import { signCertificate } from '../../test/support/signed-certificate.js';
import { Tag } from '../x509/der/tag.js';
import { hasPeerName, isPeerNameKind, type PeerName } from './peer-name.js';

const RFC822_NAME = 0x81;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** A certificate whose subjectAltName has one name; its common name is `common.example.com`. */
function certificateWith(tag: number, value: string | Buffer) {
  const name = tlv(tag, Buffer.from(value));
  return signCertificate({
    subject: distinguishedName([['2.5.4.3', Tag.utf8String, 'common.example.com']]),
    extensions: [extension('2.5.29.17', sequence(name))],
  }).certificate;
}

const dns = (value: string): PeerName => ({ kind: 'DNS', value });
const ip = (value: string): PeerName => ({ kind: 'IP', value });
const mail = (value: string): PeerName => ({ kind: 'RFC822', value });

describe('DNS names, RFC 9525 sections 6.2 and 6.3', () => {
  it.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.COM'],
    ['*.example.com', 'www.example.com'],
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('%s is %s', (presented, expected) => {
    expect(hasPeerName(certificateWith(DNS_NAME, presented), dns(expected))).toBe(true);
  });

  it.each([
    ['example.com', 'www.example.com'],
    ['www.example.com', 'example.com'],
    ['*.example.com', 'example.com'],
    ['*.example.com', 'a.b.example.com'],
    ['*.example.com', '*.example.com'],
    ['w*.example.com', 'www.example.com'],
    ['www.*.com', 'www.example.com'],
    ['*', 'localhost'],
    ['*.com', 'example.com'],
    ['*.*.com', 'www.example.com'],
    ['.example.com', 'www.example.com'],
    ['example.com.', 'example.com'],
    ['bücher.example', 'bücher.example'],
    ['a_b.example.com', 'a_b.example.com'],
    ['example.com, DNS:other.example', 'other.example'],
    ['example.com\0.other.example', 'example.com'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '0x7f000001'],
    ['', ''],
  ])('"%s" is not "%s"', (presented, expected) => {
    expect(hasPeerName(certificateWith(DNS_NAME, presented), dns(expected))).toBe(false);
  });

  it('the common name does not count, not even without a subjectAltName', () => {
    const { certificate } = signCertificate({ subject: 'common.example.com', extensions: [] });
    expect(hasPeerName(certificate, dns('common.example.com'))).toBe(false);
    expect(hasPeerName(certificateWith(DNS_NAME, 'example.com'), dns('common.example.com'))).toBe(false);
  });
});

describe('IP addresses, RFC 9525 section 6.4', () => {
  it.each([
    [Buffer.from([127, 0, 0, 1]), '127.0.0.1'],
    [hex('20010db8000000000000000000000001'), '2001:db8::1'],
    [hex('20010db8000000000000000000000001'), '2001:0DB8:0:0:0:0:0:1'],
    [hex('00000000000000000000ffff7f000001'), '::ffff:127.0.0.1'],
  ])('%j is %s', (presented, expected) => {
    expect(hasPeerName(certificateWith(IP_ADDRESS, presented), ip(expected))).toBe(true);
  });

  it.each([
    [Buffer.from([127, 0, 0, 1]), '127.0.0.2'],
    [Buffer.from([127, 0, 0, 1]), '::ffff:127.0.0.1'],
    [hex('00000000000000000000ffff7f000001'), '127.0.0.1'],
    [hex('20010db8000000000000000000000001'), '2001:db8::2'],
    [Buffer.from('127.0.0.1'), '127.0.0.1'],
    [Buffer.from([127, 0, 0, 1]), 'localhost'],
  ])('%j is not %s', (presented, expected) => {
    expect(hasPeerName(certificateWith(IP_ADDRESS, presented), ip(expected))).toBe(false);
  });

  it('an address written as a DNS name is none', () => {
    expect(hasPeerName(certificateWith(DNS_NAME, '127.0.0.1'), ip('127.0.0.1'))).toBe(false);
  });
});

describe('e-mail addresses, RFC 5280 section 7.5', () => {
  it.each([
    ['jane@example.com', 'jane@example.com', true],
    ['jane@EXAMPLE.com', 'jane@example.COM', true],
    ['*@example.com', '*@example.com', true],
    ['Jane@example.com', 'jane@example.com', false],
    ['*@example.com', 'jane@example.com', false],
    ['jane@*.example.com', 'jane@www.example.com', false],
    ['example.com', 'example.com', false],
    ['@example.com', '@example.com', false],
    ['jane@example.com', 'jane@example.com.other', false],
  ])('%s and %s: %s', (presented, expected, same) => {
    expect(hasPeerName(certificateWith(RFC822_NAME, presented), mail(expected))).toBe(same);
  });
});

it('the kinds of names are those of x509-limbo', () => {
  expect(['DNS', 'IP', 'RFC822', 'URI'].filter(isPeerNameKind)).toEqual(['DNS', 'IP', 'RFC822']);
});
