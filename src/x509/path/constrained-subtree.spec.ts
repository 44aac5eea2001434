import { describe, expect, it } from 'vitest';

import { distinguishedName, objectIdentifier, tlv } from '../../../test/support/der.js';
import {
  EMAIL,
  SMTP_UTF8,
  mail,
  dns,
  uri,
  ip,
  other,
  smtpUtf8,
  EMPTY,
  check,
  checkRows,
  WITHIN,
  OUTSIDE,
  BOTH_WAYS,
  MALFORMED,
} from '../../../test/support/name-constraints.js';
import { Tag } from '../der/tag.js';

const subjectWith = (address: string, tag: number = Tag.ia5String) => distinguishedName([[EMAIL, tag, address]]);
const mapped = (digits: string) => ip(`00000000000000000000ffff${digits}`);
const v6 = (start: string) => ip(start.padEnd(32, '0'));
const v6Subnet = (start: string, mask: string) => ip(start.padEnd(32, '0') + mask.padEnd(32, '0'));

describe('host names', () => {
  checkRows('dNSName', [
    ['the same name', dns('example.com'), dns('example.com'), ...WITHIN],
    ['more labels', dns('example.com'), dns('a.b.example.com'), ...WITHIN],
    ['fewer labels', dns('a.example.com'), dns('example.com'), ...OUTSIDE],
    ['a label that only ends alike', dns('example.com'), dns('notexample.com'), ...OUTSIDE],
    ['a name that only begins alike', dns('example.com'), dns('example.com.test'), ...OUTSIDE],
    ['another case', dns('Example.COM'), dns('WWW.eXample.com'), ...WITHIN],
    ['the empty constraint is every name', dns(''), dns('example.com'), ...WITHIN],
    ['an A-label in another case', dns('xn--bcher-kva.test'), dns('www.XN--BCHER-KVA.test'), ...WITHIN],
    ['an underscore', dns('example.com'), dns('_sip.example.com'), ...WITHIN],
    ['a wildcard within', dns('example.com'), dns('*.example.com'), ...WITHIN],
    ['a wildcard below', dns('example.com'), dns('*.a.example.com'), ...WITHIN],
    ['a wildcard that covers the constraint', dns('a.example.com'), dns('*.example.com'), ...BOTH_WAYS],
    ['a wildcard over a top-level domain', dns('example.com'), dns('*.com'), ...BOTH_WAYS],
    ['a wildcard too high for the constraint', dns('a.b.example.com'), dns('*.example.com'), ...OUTSIDE],
    ['a wildcard elsewhere', dns('example.com'), dns('*.example.test'), ...OUTSIDE],
    ['a wildcard within a label', dns('example.com'), dns('a*.example.com'), ...MALFORMED],
    ['a wildcard behind a label', dns('example.com'), dns('a.*.example.com'), ...MALFORMED],
    ['two wildcards', dns('example.com'), dns('*.*.example.com'), ...MALFORMED],
    ['only a wildcard', dns(''), dns('*'), ...MALFORMED],
    ['a leading dot in the name', dns('example.com'), dns('.example.com'), ...MALFORMED],
    ['a trailing dot in the name', dns('example.com'), dns('example.com.'), ...MALFORMED],
    ['an empty label', dns('example.com'), dns('a..example.com'), ...MALFORMED],
    ['an empty name', dns('example.com'), dns(''), ...MALFORMED],
    ['a NUL', dns('example.com'), dns('evil.test\u0000.example.com'), ...MALFORMED],
    ['a line end', dns('example.com'), dns('example.com\n'), ...MALFORMED],
    ['a slash', dns('example.com'), dns('evil.test/.example.com'), ...MALFORMED],
    ['an octet beyond ASCII', dns('example.com'), dns('b\u00fccher.example.com'), ...MALFORMED],
    ['a label of 64 octets', dns('example.com'), dns(`${'a'.repeat(64)}.example.com`), ...MALFORMED],
    ['a name of 254 octets', dns('a'), dns(`${'a.'.repeat(126)}aa`), ...MALFORMED],
    ['a leading dot in the constraint', dns('.example.com'), dns('www.example.com'), ...MALFORMED],
    ['a trailing dot in the constraint', dns('example.com.'), dns('www.example.com'), ...MALFORMED],
    ['a wildcard in the constraint', dns('*.example.com'), dns('www.example.com'), ...MALFORMED],
    ['only a dot in the constraint', dns('.'), dns('www.example.com'), ...MALFORMED],
  ]);
});

describe('mail addresses', () => {
  checkRows('rfc822Name', [
    ['a mailbox', mail('a@example.com'), mail('a@example.com'), ...WITHIN],
    ['a host in another case', mail('a@example.com'), mail('a@EXAMPLE.com'), ...WITHIN],
    ['a local part in another case is another mailbox', mail('a@example.com'), mail('A@example.com'), ...OUTSIDE],
    ['another mailbox of the host', mail('a@example.com'), mail('b@example.com'), ...OUTSIDE],
    ['the same local part of a host below', mail('a@example.com'), mail('a@x.example.com'), ...OUTSIDE],
    ['a quoted local part is the same mailbox', mail('a@example.com'), mail('"a"@example.com'), ...WITHIN],
    ['a quoted pair is the same mailbox', mail('a@example.com'), mail('"\\a"@example.com'), ...WITHIN],
    ['a quoted constraint', mail('"a b"@example.com'), mail('"a\\ b"@example.com'), ...WITHIN],
    ['an asterisk stands for itself', mail('*@example.com'), mail('a@example.com'), ...OUTSIDE],
    ['a host', mail('example.com'), mail('a@example.com'), ...WITHIN],
    ['a host does not include hosts below', mail('example.com'), mail('a@x.example.com'), ...OUTSIDE],
    ['a host in a quoted local part', mail('example.com'), mail('"a@example.com"@evil.test'), ...OUTSIDE],
    ['a domain includes hosts below', mail('.example.com'), mail('a@x.y.example.com'), ...WITHIN],
    ['a domain does not include its own host', mail('.example.com'), mail('a@example.com'), ...OUTSIDE],
    ['a domain does not include a host that ends alike', mail('.example.com'), mail('a@notexample.com'), ...OUTSIDE],
    ['two at signs', mail('example.com'), mail('a@evil.test@example.com'), ...MALFORMED],
    ['no at sign', mail('example.com'), mail('example.com'), ...MALFORMED],
    ['no local part', mail('example.com'), mail('@example.com'), ...MALFORMED],
    ['no host', mail('example.com'), mail('a@'), ...MALFORMED],
    ['a trailing dot', mail('example.com'), mail('a@example.com.'), ...MALFORMED],
    ['a local part that ends with a dot', mail('example.com'), mail('a.@example.com'), ...MALFORMED],
    ['an open quotation', mail('example.com'), mail('"a@example.com'), ...MALFORMED],
    ['a quotation that ends early', mail('example.com'), mail('"a"b"@example.com'), ...MALFORMED],
    ['a space', mail('example.com'), mail('a b@example.com'), ...MALFORMED],
    ['a display name', mail('example.com'), mail('A <a@example.com>'), ...MALFORMED],
    ['an address literal', mail('example.com'), mail('a@[192.0.2.1]'), ...MALFORMED],
    ['a line end', mail('example.com'), mail('a@example.com\r\n'), ...MALFORMED],
    ['a malformed constraint', mail('a@b@example.com'), mail('a@example.com'), ...MALFORMED],
    ['an empty constraint', mail(''), mail('a@example.com'), ...MALFORMED],
    ['a wildcard in the constraint', mail('*.example.com'), mail('a@x.example.com'), ...MALFORMED],
    ['SmtpUTF8Mailbox at the host', mail('example.com'), smtpUtf8('ä@example.com'), ...WITHIN],
    ['SmtpUTF8Mailbox at another host', mail('example.com'), smtpUtf8('ä@evil.test'), ...OUTSIDE],
    ['SmtpUTF8Mailbox with an ASCII local part', mail('a@example.com'), smtpUtf8('a@example.com'), ...WITHIN],
    ['SmtpUTF8Mailbox with a U-label', mail('xn--bcher-kva.test'), smtpUtf8('ä@bücher.test'), ...MALFORMED],
    ['SmtpUTF8Mailbox of another type', mail('example.com'), other(SMTP_UTF8, mail('a@evil.test')), ...MALFORMED],
    ['another name that cannot be read', mail('example.com'), tlv(0xa0, objectIdentifier(SMTP_UTF8)), ...MALFORMED],
  ]);

  const permitted = [mail('example.com')];

  it.each<[string, string, Buffer[] | undefined, Buffer]>([
    ['within', 'ok', undefined, subjectWith('a@example.com')],
    ['outside', 'notPermitted rfc822Name', undefined, subjectWith('a@evil.test')],
    [
      'outside, beside an alternative name within',
      'notPermitted rfc822Name',
      [mail('a@example.com')],
      subjectWith('a@evil.test'),
    ],
    ['outside, as UTF8String', 'notPermitted rfc822Name', undefined, subjectWith('a@evil.test', Tag.utf8String)],
    ['that is malformed', 'unreadable rfc822Name', undefined, subjectWith('a')],
    ['that is no string', 'unreadable rfc822Name', undefined, subjectWith('a@example.com', Tag.octetString)],
    [
      'that is the second of two',
      'notPermitted rfc822Name',
      undefined,
      distinguishedName([
        [EMAIL, Tag.ia5String, 'a@example.com'],
        [EMAIL, Tag.ia5String, 'a@evil.test'],
      ]),
    ],
    ['of a subject that cannot be read', 'unreadable rfc822Name', undefined, subjectWith('abc', Tag.bmpString)],
    ['of no subject', 'ok', undefined, EMPTY],
  ])('4.2.1.10 rfc822Name: emailAddress in the subject %s', (_, expected, names, name) => {
    expect(check({ permitted }, names, name)).toBe(expected);
  });
});

describe('URIs', () => {
  checkRows('uniformResourceIdentifier', [
    ['a host', uri('example.com'), uri('https://example.com/path?query#fragment'), ...WITHIN],
    ['a host in another case', uri('example.com'), uri('HTTPS://Example.COM'), ...WITHIN],
    ['a host does not include hosts below', uri('example.com'), uri('https://www.example.com'), ...OUTSIDE],
    ['a domain includes hosts below', uri('.example.com'), uri('ldap://a.b.example.com:389/dc=x'), ...WITHIN],
    ['a domain does not include its own host', uri('.example.com'), uri('https://example.com'), ...OUTSIDE],
    ['another host', uri('example.com'), uri('https://evil.test/example.com'), ...OUTSIDE],
    ['a host in the user information', uri('example.com'), uri('https://example.com@evil.test/'), ...OUTSIDE],
    [
      'a host and port in the user information',
      uri('example.com'),
      uri('https://example.com:80@evil.test/'),
      ...OUTSIDE,
    ],
    ['a host behind the authority', uri('example.com'), uri('https://evil.test?@example.com'), ...OUTSIDE],
    ['a host in the fragment', uri('example.com'), uri('https://evil.test#@example.com'), ...OUTSIDE],
    ['user information', uri('example.com'), uri('https://user:pass%40@example.com:8443'), ...WITHIN],
    ['an empty port', uri('example.com'), uri('https://example.com:/'), ...WITHIN],
    ['two at signs', uri('example.com'), uri('https://a@evil.test@example.com'), ...MALFORMED],
    ['a backslash', uri('example.com'), uri('https://evil.test\\@example.com'), ...MALFORMED],
    ['a tabulator', uri('example.com'), uri('https://exa\tmple.com'), ...MALFORMED],
    ['a percent-encoded host', uri('example.com'), uri('https://%65xample.com'), ...MALFORMED],
    ['a percent-encoded slash', uri('example.com'), uri('https://evil.test%2f.example.com'), ...MALFORMED],
    ['a port that is no number', uri('example.com'), uri('https://example.com:80evil'), ...MALFORMED],
    ['two ports', uri('example.com'), uri('https://example.com:80:80'), ...MALFORMED],
    ['a trailing dot', uri('example.com'), uri('https://example.com./'), ...MALFORMED],
    ['no authority', uri('example.com'), uri('urn:example.com'), ...MALFORMED],
    ['an empty authority', uri('example.com'), uri('https:///example.com'), ...MALFORMED],
    ['no scheme', uri('example.com'), uri('//example.com'), ...MALFORMED],
    ['a relative reference', uri('example.com'), uri('example.com'), ...MALFORMED],
    ['a scheme with a space', uri('example.com'), uri(' https://example.com'), ...MALFORMED],
    ['an IPv4 address', uri('example.com'), uri('https://192.0.2.1/'), ...MALFORMED],
    ['an IPv4 address in another notation', uri('example.com'), uri('https://192.0.0x201'), ...MALFORMED],
    ['an IPv6 address', uri('example.com'), uri('https://[2001:db8::1]/'), ...MALFORMED],
    [
      'CVE-2024-45341: an IPv6 address with a zone',
      uri('example.com'),
      uri('https://[fe80::1%25.example.com]/'),
      ...MALFORMED,
    ],
    ['a bracket before the host', uri('example.com'), uri('https://[::1]@example.com'), ...MALFORMED],
    ['a single label', uri('localhost'), uri('https://localhost/'), ...MALFORMED],
    ['a constraint that is a URI', uri('https://example.com'), uri('https://example.com'), ...MALFORMED],
    ['a constraint with a port', uri('example.com:443'), uri('https://example.com:443'), ...MALFORMED],
    ['an empty constraint', uri(''), uri('https://example.com'), ...MALFORMED],
  ]);
});

describe('IP addresses', () => {
  checkRows('iPAddress', [
    ['the first of a subnet', ip('c0000200ffffff00'), ip('c0000200'), ...WITHIN],
    ['the last of a subnet', ip('c0000200ffffff00'), ip('c00002ff'), ...WITHIN],
    ['the next after a subnet', ip('c0000200ffffff00'), ip('c0000300'), ...OUTSIDE],
    ['a prefix of 23 bits', ip('c0000200fffffe00'), ip('c0000301'), ...WITHIN],
    ['one address', ip('c0000201ffffffff'), ip('c0000202'), ...OUTSIDE],
    ['all addresses', ip('0000000000000000'), ip('c0000202'), ...WITHIN],
    ['bits behind the mask do not count', ip('c00002ffffffff00'), ip('c0000201'), ...WITHIN],
    ['IPv6', v6Subnet('20010db8', 'ffffffff'), v6('20010db8aa'), ...WITHIN],
    ['another IPv6 network', v6Subnet('20010db8', 'ffffffff'), v6('20010db9'), ...OUTSIDE],
    ['IPv6 under an IPv4 constraint', ip('0000000000000000'), v6('20010db8'), ...OUTSIDE],
    ['IPv4 under an IPv6 constraint', v6Subnet('', ''), ip('c0000201'), ...OUTSIDE],
    ['IPv4 within IPv6', ip('c0000200ffffff00'), mapped('c0000201'), ...BOTH_WAYS],
    ['another IPv4 within IPv6', ip('c0000200ffffff00'), mapped('c0000301'), ...OUTSIDE],
    [
      'IPv4 under a constraint on IPv4 within IPv6',
      v6Subnet('00000000000000000000ffff', 'f'.repeat(24)),
      ip('c0000201'),
      ...BOTH_WAYS,
    ],
    ['a mask with a gap', ip('c0000200ff00ff00'), ip('c0000201'), ...MALFORMED],
    ['a mask with a gap within an octet', ip('c0000200ffffff05'), ip('c0000201'), ...MALFORMED],
    ['a mask without its first bit', ip('c00002007fffffff'), ip('c0000201'), ...MALFORMED],
    ['an address without a mask', ip('c0000201'), ip('c0000201'), ...MALFORMED],
    ['an address with a mask in a name', ip('c0000200ffffff00'), ip('c0000200ffffff00'), ...MALFORMED],
    ['no octets', ip('c0000200ffffff00'), ip(''), ...MALFORMED],
    ['a constraint of 16 octets', v6('20010db8'), v6('20010db8'), ...MALFORMED],
  ]);
});
