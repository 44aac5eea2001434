import { describe, expect, it } from 'vitest';

import { SourceRules } from './address-rule.js';

const RULES = new SourceRules([
  { network: '10.0.0.0/8', ports: [80, 443] },
  { network: '10.1.2.3', ports: [8080] },
  { network: 'fd00::/8', ports: [8080] },
]);

const permits = (url: string, address: string): boolean => RULES.rulesFor(new URL(url)).permits(address);

describe('13.3 the URLs of revocation sources', () => {
  it.each([
    'http://crl.acme.example/ca.crl',
    'HTTP://CRL.ACME.EXAMPLE',
    'http://crl.acme.example:80/',
    'http://crl.acme.example:443/',
    'http://crl.acme.example./',
    'http://bücher.example/ca.crl',
    'http://crl.acme.example/ca.crl?delta=1',
    // Which address has the port is decided later.
    'http://crl.acme.example:8080/',
  ])('ok/%s', (url) => {
    expect(RULES.problemOf(new URL(url))).toBeUndefined();
  });

  it.each([
    ['https://crl.acme.example/', 'plain http'],
    ['ftp://crl.acme.example/', 'plain http'],
    ['ldap://crl.acme.example/cn=ca', 'plain http'],
    ['file:///etc/passwd', 'plain http'],
    ['data:,crl', 'plain http'],
    ['ws://crl.acme.example/', 'plain http'],
    ['http://user@crl.acme.example/', 'credentials'],
    ['http://user:secret@crl.acme.example/', 'credentials'],
    ['http://:secret@crl.acme.example/', 'credentials'],
    ['http://crl.acme.example%40evil.example@127.0.0.1/', 'credentials'],
    ['http://crl.acme.example/#part', 'fragment'],
    ['http://crl.acme.example/#', 'fragment'],
    ['http://crl.acme.example:22/', 'port'],
    ['http://crl.acme.example:8081/', 'port'],
    ['http://crl.acme.example:0/', 'port'],
  ])('fail/%s', (url, problem) => {
    expect(RULES.problemOf(new URL(url))).toContain(problem);
  });
});

describe('13.3 the addresses of revocation sources', () => {
  it.each([
    ['http://a.example/', '93.184.215.14'],
    ['http://a.example:443/', '93.184.215.14'],
    ['http://a.example/', '::ffff:93.184.215.14'],
    ['http://a.example/', '2606:4700::1111'],
    ['http://a.example/', '10.200.0.1'],
    ['http://a.example:443/', '10.200.0.1'],
    ['http://a.example/', '::ffff:10.200.0.1'],
    ['http://a.example/', '::ffff:ac8:1'],
    ['http://a.example:8080/', '10.1.2.3'],
    ['http://a.example:8080/', '::ffff:a01:203'],
    ['http://a.example:8080/', 'fd12::1'],
  ])('ok/%s at %s', (url, address) => {
    expect(permits(url, address)).toBe(true);
  });

  it.each([
    ['http://a.example/', '127.0.0.1'],
    ['http://a.example/', '169.254.169.254'],
    ['http://a.example/', '192.168.1.1'],
    ['http://a.example/', '0.0.0.0'],
    ['http://a.example/', '::'],
    ['http://a.example/', '::1'],
    ['http://a.example/', '::ffff:127.0.0.1'],
    ['http://a.example/', '::ffff:7f00:1'],
    ['http://a.example/', '::ffff:169.254.169.254'],
    ['http://a.example/', '::127.0.0.1'],
    ['http://a.example/', '64:ff9b::7f00:1'],
    ['http://a.example/', '2002:7f00:1::'],
    ['http://a.example/', 'fe80::1'],
    ['http://a.example/', 'fe80::1%eth0'],
    ['http://a.example/', 'fd00:ec2::254'],
    ['http://a.example:8080/', '93.184.215.14'],
    ['http://a.example:8080/', '10.1.2.4'],
    ['http://a.example:8080/', '127.0.0.1'],
    ['http://a.example/', ''],
    ['http://a.example/', 'a.example'],
  ])('fail/%s at %s', (url, address) => {
    expect(permits(url, address)).toBe(false);
  });

  it('an address that is listed with a port has no other port', () => {
    const rules = new SourceRules([{ network: '127.0.0.1', ports: [8080] }]);
    const ports = [80, 443, 8080].filter((port) => rules.rulesFor(new URL(`http://a:${port}/`)).permits('127.0.0.1'));
    expect(ports).toEqual([8080]);
  });

  // The forms of an address that the parser of URLs knows.
  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://0/',
  ])('%s is an address of this machine', (text) => {
    const url = new URL(text);
    expect(permits(text, url.hostname.replace(/^\[(.*)\]$/, '$1'))).toBe(false);
  });
});
