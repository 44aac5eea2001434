import { describe, expect, it, test } from 'vitest';

import { distinguishedName, extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { directory, dns, ip, mail, other, SMTP_UTF8, smtpUtf8, uri } from '../../../test/support/name-constraints.js';
import { verdict } from '../../../test/support/path-search.js';
import {
  authority,
  CLIENT_AUTH,
  commonName,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  SERVER_AUTH,
  signCertificate,
} from '../../../test/support/signed-certificate.js';
import { Tag } from '../der/tag.js';

const root = authority('Root');

const EMAIL = '1.2.840.113549.1.9.1';
const O = '2.5.4.10';
const CN = '2.5.4.3';
const OU = '2.5.4.11';
const ANY_POLICY = '2.5.29.32.0';
const GOLD = '1.2.3.1';
const SILVER = '1.2.3.2';

const names = (...list: readonly Buffer[]) => extension('2.5.29.17', sequence(...list));
const subtrees = (tag: number, list: readonly Buffer[]) =>
  list.length === 0 ? [] : [tlv(tag, ...list.map((base) => sequence(base)))];
const constraints = (permitted: readonly Buffer[], excluded: readonly Buffer[] = []) =>
  extension('2.5.29.30', sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)), true);
const ca = (name: string, issuer: Issued, ...and: readonly Buffer[]) => authority(name, { issuer, and });
const withNames = (issuer: Issued, ...list: readonly Buffer[]) => endEntity(issuer, { and: [names(...list)] });

describe('names that hide from a constraint', () => {
  test.each([
    ['a NUL', [dns('good.example.com\0.example.org')]],
    ['a dot at the end', [dns('www.example.org.')]],
    ['a wildcard above', [dns('*.com')]],
    ['a wildcard for a part', [dns('w*.example.com')]],
    ['a U-label', [tlv(0x82, Buffer.from('bücher.example.com'))]],
    ['a space', [dns(' example.com')]],
    ['a constructed tag', [tlv(0xa2, tlv(Tag.ia5String, Buffer.from('www.example.org')))]],
    ['a universal tag', [tlv(Tag.ia5String, Buffer.from('www.example.org'))]],
    ['a second name', [dns('good.example.com'), dns('www.example.org')]],
  ])('1. a DNS name with %s is not within example.com', (_, list) => {
    const constrained = ca('CA', root, constraints([dns('example.com')]));
    expect(verdict([root, constrained, withNames(constrained, ...list)])).toBe('nameConstraints');
  });

  test.each([
    ['its subdomain', dns('A.B.Example.ORG')],
    ['a wildcard that covers it', dns('*.org')],
    ['a wildcard below', dns('*.example.org')],
    ['a dot at the end', dns('example.org.')],
  ])('2. an excluded DNS name stays excluded as %s', (_, name) => {
    const constrained = ca('CA', root, constraints([], [dns('example.org')]));
    expect(verdict([root, constrained, withNames(constrained, name)])).toBe('nameConstraints');
  });

  test.each([
    ['a SmtpUTF8Mailbox', smtpUtf8('eve@example.org')],
    ['a SmtpUTF8Mailbox with a U-label', smtpUtf8('eve@exämple.com')],
    ['a SmtpUTF8Mailbox of another string type', other(SMTP_UTF8, tlv(Tag.ia5String, Buffer.from('eve@example.com')))],
    ['a SmtpUTF8Mailbox that is no address', smtpUtf8('example.com')],
    ['another name without its value', tlv(0xa0, objectIdentifier(SMTP_UTF8))],
    ['a source route', mail('@example.org:eve@example.com')],
    ['two at signs', mail('eve@example.org@example.com')],
    ['an address literal', mail('eve@[192.0.2.1]')],
    ['a display name', mail('Eve <eve@example.com>')],
    ['a subdomain', mail('eve@sub.example.com')],
  ])('3. mail on example.com only: %s is refused', (_, name) => {
    const constrained = ca('CA', root, constraints([mail('example.com')]));
    expect(verdict([root, constrained, withNames(constrained, name)])).toBe('nameConstraints');
  });

  it('4. an address in the subject is constrained in every string type, and beside alternative names', () => {
    const constrained = ca('CA', root, constraints([mail('example.com')]));
    for (const tag of [Tag.ia5String, Tag.utf8String, Tag.teletexString]) {
      const subject = distinguishedName([[CN, Tag.utf8String, 'Eve']], [[EMAIL, tag, 'eve@example.org']]);
      const leaf = endEntity(constrained, { subject, and: [names(mail('eve@example.com'))] });
      expect(verdict([root, constrained, leaf])).toBe('nameConstraints');
    }
  });

  test.each([
    'https://good.example.com@example.org/',
    'https://example.org\\@good.example.com/',
    'https://example.org#@good.example.com/',
    'https://example.org?.example.com',
    'https://good.example.com%00.example.org/',
    'https://good.example.com./',
    'https://[::1]/.example.com',
    'https://[fe80::1%25a.example.com]/',
    'https://0x7f.1/',
    'https:good.example.com',
    '//good.example.com/',
    'mailto:eve@good.example.com',
    'https://:80/',
  ])('5. the URI %s is not within .example.com', (address) => {
    const constrained = ca('CA', root, constraints([uri('.example.com')]));
    expect(verdict([root, constrained, withNames(constrained, uri(address))])).toBe('nameConstraints');
  });

  test.each([
    ['mapped to IPv6', ip('00000000000000000000ffff0a010203')],
    ['of five octets', ip('0a01020300')],
    ['with its mask', ip('0a010203ffffffff')],
  ])('6. an address %s does not escape from the excluded 10.0.0.0/8', (_, address) => {
    const constrained = ca('CA', root, constraints([], [ip('0a000000ff000000')]));
    expect(verdict([root, constrained, withNames(constrained, address)])).toBe('nameConstraints');
  });

  test.each([
    ['in capitals', Tag.utf8String, Buffer.from('ACME AG')],
    ['with more spaces', Tag.utf8String, Buffer.from('  Acme \u00a0 AG ')],
    ['as BMPString', Tag.bmpString, Buffer.from('Acme AG', 'utf16le').swap16()],
    ['as TeletexString', Tag.teletexString, Buffer.from('Acme AG')],
    ['as PrintableString', Tag.printableString, Buffer.from('Acme AG')],
    ['in fullwidth letters', Tag.utf8String, Buffer.from('Ａｃｍｅ AG')],
    ['with a soft hyphen', Tag.utf8String, Buffer.from('Ac\u00adme AG')],
    ['with a zero width space', Tag.utf8String, Buffer.from('Acme\u200b AG')],
    ['with a NUL', Tag.utf8String, Buffer.from('Acme AG\0')],
  ])('7. an excluded organization stays excluded %s', (_, tag, text) => {
    const acme = directory(distinguishedName([[O, Tag.utf8String, 'Acme AG']]));
    const constrained = ca('CA', root, constraints([], [acme]));
    const subject = distinguishedName([[O, tag, text]], [[CN, Tag.utf8String, 'Eve']]);
    expect(verdict([root, constrained, endEntity(constrained, { subject })])).toBe('nameConstraints');
    const alternative = withNames(constrained, directory(subject));
    expect(verdict([root, constrained, alternative])).toBe('nameConstraints');
  });

  it('8. a subject that is within a permitted subtree only in part is outside', () => {
    const acme = directory(distinguishedName([[O, Tag.utf8String, 'Acme']], [[OU, Tag.utf8String, 'Sales']]));
    const constrained = ca('CA', root, constraints([acme]));
    const person: [string, number, string] = [CN, Tag.utf8String, 'Eve'];
    const subjects = [
      distinguishedName([[O, Tag.utf8String, 'Acme']], [[OU, Tag.utf8String, 'Sales 2']], [person]),
      distinguishedName([[OU, Tag.utf8String, 'Sales']], [[O, Tag.utf8String, 'Acme']], [person]),
      distinguishedName(
        [
          [O, Tag.utf8String, 'Acme'],
          [OU, Tag.utf8String, 'Sales'],
        ],
        [person],
      ),
      distinguishedName([[O, Tag.utf8String, 'Acme']], [person]),
      distinguishedName([], [[O, Tag.utf8String, 'Acme']], [[OU, Tag.utf8String, 'Sales']], [person]),
    ];
    for (const subject of subjects) {
      expect(verdict([root, constrained, endEntity(constrained, { subject })])).toBe('nameConstraints');
    }
  });
});

describe('certificates with the name of their issuer', () => {
  it('9. a self-issued CA is exempt from constraints, but nothing below it', () => {
    const constrained = ca('CA', root, constraints([dns('example.com')]));
    const renewed = ca('CA', constrained, names(dns('example.org')));
    expect(verdict([root, constrained, renewed, withNames(renewed, dns('a.example.com'))])).toBe('proven');
    expect(verdict([root, constrained, renewed, withNames(renewed, dns('a.example.org'))])).toBe('nameConstraints');
  });

  it('10. a leaf with the name of its issuer is not exempt from constraints', () => {
    const constrained = ca('CA', root, constraints([dns('example.com')]));
    const leaf = endEntity(constrained, { subject: 'CA', and: [names(dns('example.org'))] });
    expect(verdict([root, constrained, leaf])).toBe('nameConstraints');
  });

  it('11. a copy of the anchor without its limits does not replace it', () => {
    const keys = ecKeys();
    const limited = authority('Anchor', { keys, pathLength: 0, and: [constraints([dns('example.com')])] });
    const copy = authority('Anchor', { keys });
    const outside = withNames(limited, dns('example.org'));
    expect(verdict([limited, copy, outside])).toBe('nameConstraints');
    const further = authority('Further', { issuer: copy });
    expect(verdict([limited, copy, further, endEntity(further)])).toBe('pathLength');
  });

  it('12. self-issued certificates do not shorten the path that others lengthen', () => {
    const last = authority('CA', { issuer: root, pathLength: 0 });
    const renewed = authority('ca', { issuer: last, pathLength: 5 });
    const further = authority('Further', { issuer: renewed });
    expect(verdict([root, last, renewed, endEntity(renewed)])).toBe('proven');
    expect(verdict([root, last, renewed, further, endEntity(further)])).toBe('pathLength');
  });
});

const leafOf = (issuer: Issued, policy: string, subject = 'Eve') =>
  endEntity(issuer, { subject, and: [extensions.policies(policy)] });

describe('purposes and policies', () => {
  it('13. a purpose that a CA lost does not come back below it', () => {
    const server = ca('Server', root, extensions.extendedKeyUsage(SERVER_AUTH));
    const any = ca('Any', server, extensions.extendedKeyUsage('2.5.29.37.0'));
    const both = ca('Both', any, extensions.extendedKeyUsage(SERVER_AUTH, CLIENT_AUTH));
    expect(verdict([root, server, any, both, endEntity(both)])).toBe('extendedKeyUsage');
    const longer = ca('Longer', root, extensions.extendedKeyUsage(`${CLIENT_AUTH}.1`));
    expect(verdict([root, longer, endEntity(longer)])).toBe('extendedKeyUsage');
  });

  it('14. anyPolicy and mappings do not satisfy an explicit policy where they are inhibited', () => {
    const noMapping = extension('2.5.29.36', sequence(tlv(0x80, hex('00')), tlv(0x81, hex('00'))), true);
    const inhibitAnyPolicy = extension('2.5.29.54', tlv(Tag.integer, hex('00')), true);
    const mapping = extension('2.5.29.33', sequence(sequence(objectIdentifier(GOLD), objectIdentifier(SILVER))), true);
    const strict = ca('Strict', root, extensions.policies(GOLD), noMapping, inhibitAnyPolicy);
    expect(verdict([root, strict, leafOf(strict, GOLD)])).toBe('proven');
    expect(verdict([root, strict, leafOf(strict, ANY_POLICY)])).toBe('policy');
    expect(verdict([root, strict, leafOf(strict, ANY_POLICY, 'Strict')])).toBe('policy');
    const mapper = ca('Mapper', strict, extensions.policies(GOLD), mapping);
    expect(verdict([root, strict, mapper, leafOf(mapper, SILVER)])).toBe('policy');
    const tooAny = ca('Any', strict, extensions.policies(ANY_POLICY));
    expect(verdict([root, strict, tooAny, leafOf(tooAny, GOLD)])).toBe('policy');
    const accepting = { initialPolicySet: new Set([SILVER]), initialExplicitPolicy: true };
    expect(verdict([root, strict, leafOf(strict, GOLD)], accepting)).toBe('policy');
  });
});

const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('counts', () => {
  it('20. counts that no CA needs end by the budget, and not by waiting', () => {
    const mappings = extension(
      '2.5.29.33',
      sequence(...many(12_000).map((index) => sequence(objectIdentifier(`1.2.3.${index}`), objectIdentifier(GOLD)))),
      true,
    );
    const mapper = ca('Mapper', root, extensions.policies(ANY_POLICY), mappings);
    expect(verdict([root, mapper, endEntity(mapper, { and: [extensions.policies(GOLD)] })])).toBe('budget');
    const policies = extensions.policies(...many(12_000).map((index) => `1.2.4.${index}`));
    expect(verdict([root, endEntity(root, { and: [policies] })])).toBe('budget');
    const excluded = constraints(
      [],
      many(1000).map((index) => mail(`x${index}.test`)),
    );
    const constrained = ca('Constrained', root, excluded);
    const crowded = withNames(constrained, ...many(1000).map((index) => mail(`a${index}@example.com`)));
    expect(verdict([root, constrained, crowded])).toBe('budget');
    const unlimited = withNames(root, ...many(20_000).map((index) => dns(`a${index}.example.com`)));
    expect(verdict([root, unlimited])).toBe('proven');
    const unknown = endEntity(root, {
      extensions: many(5000).map((index) => extension(`1.3.6.1.9.${index}`, hex('0500'))),
    });
    expect(verdict([root, unknown])).toBe('proven');
    const longName = signCertificate({ subject: commonName('a'), issuer: root, issuerName: commonName('Root') });
    expect(verdict([root, longName])).toBe('proven');
  });
});
