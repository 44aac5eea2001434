import { describe, expect, it, test } from 'vitest';

import { certificateOf, distinguishedName, extension, hex, sequence, tlv } from '../../../test/support/der.js';
import {
  CN,
  O,
  UPN,
  SUBJECT_ALT_NAME,
  mail,
  dns,
  uri,
  ip,
  directory,
  organization,
  other,
  utf8,
  smtpUtf8,
  registered,
  EMPTY,
  constraintsOf,
  certificate,
  unlimited,
  check,
  checkRows,
  WITHIN,
  OUTSIDE,
  MALFORMED,
  type Bases,
} from '../../../test/support/name-constraints.js';
import { readCertificateStructure } from '../certificate/certificate-structure.js';
import { DerCertificate } from '../certificate/der-certificate.js';
import { nameConstraints } from '../certificate/extensions/name-constraints.js';
import { Tag } from '../der/tag.js';
import { NameConstraintSet } from './name-constraints.js';

describe('directory names', () => {
  const acme = organization('Acme');
  const jane = distinguishedName([[O, Tag.utf8String, 'ACME']], [[CN, Tag.utf8String, 'Jane']]);

  checkRows('directoryName', [
    ['the same name', directory(acme), directory(acme), ...WITHIN],
    ['a name below', directory(acme), directory(jane), ...WITHIN],
    ['a name above', directory(jane), directory(acme), ...OUTSIDE],
    ['another name', directory(acme), directory(organization('Acme Ltd')), ...OUTSIDE],
    ['the empty constraint is every name', directory(EMPTY), directory(acme), ...WITHIN],
    [
      'a name that cannot be read',
      directory(acme),
      directory(distinguishedName([[O, Tag.bmpString, 'abc']])),
      ...MALFORMED,
    ],
    [
      'a constraint that cannot be read',
      directory(distinguishedName([[O, Tag.bmpString, 'abc']])),
      directory(acme),
      ...MALFORMED,
    ],
  ]);

  it.each<[string, string, Bases, Buffer]>([
    ['within', 'ok', { permitted: [directory(acme)] }, jane],
    ['outside', 'notPermitted directoryName', { permitted: [directory(acme)] }, organization('Evil')],
    ['excluded', 'excluded directoryName', { excluded: [directory(acme)] }, jane],
    ['empty', 'ok', { permitted: [directory(acme)] }, EMPTY],
    [
      'that cannot be read',
      'unreadable directoryName',
      { excluded: [directory(acme)] },
      distinguishedName([[O, Tag.bmpString, 'abc']]),
    ],
    ['of an empty RDN', 'unreadable directoryName', { excluded: [directory(acme)] }, distinguishedName([])],
  ])('4.2.1.10 directoryName: a subject %s', (_, expected, bases, subject) => {
    expect(check(bases, [dns('example.com')], subject)).toBe(expected);
  });

  test('4.2.1.10 directoryName: the subject is compared even if an alternative name is within', () => {
    expect(check({ permitted: [directory(acme)] }, [directory(jane)], organization('Evil'))).toBe(
      'notPermitted directoryName',
    );
  });
});

describe('all forms together', () => {
  it.each<[string, string, Bases | Bases[], Buffer[] | undefined]>([
    [
      'a form without constraints is free',
      'ok',
      { permitted: [ip('c0000200ffffff00')], excluded: [mail('a.test')] },
      [dns('example.com')],
    ],
    ['no names at all', 'ok', { permitted: [dns('example.com')] }, undefined],
    ['one subtree of several is enough', 'ok', { permitted: [dns('a.test'), dns('b.test')] }, [dns('b.test')]],
    ['every name counts', 'notPermitted dNSName', { permitted: [dns('a.test')] }, [dns('a.test'), dns('b.test')]],
    [
      'excluded is stronger than permitted',
      'excluded dNSName',
      { permitted: [dns('a.test')], excluded: [dns('a.test')] },
      [dns('a.test')],
    ],
    [
      'a lower CA can narrow',
      'notPermitted dNSName',
      [{ permitted: [dns('a.test'), dns('b.test')] }, { permitted: [dns('b.test')] }],
      [dns('a.test')],
    ],
    [
      'a lower CA cannot widen',
      'notPermitted dNSName',
      [{ permitted: [dns('b.test')] }, { permitted: [dns('a.test')] }],
      [dns('a.test')],
    ],
    [
      'a lower CA cannot lift an exclusion',
      'excluded dNSName',
      [{ excluded: [dns('a.test')] }, { permitted: [dns('a.test')] }],
      [dns('a.test')],
    ],
    [
      'a lower CA can exclude',
      'excluded dNSName',
      [{ permitted: [dns('a.test')] }, { excluded: [dns('x.a.test')] }],
      [dns('x.a.test')],
    ],
    [
      'a form that is not supported, of which there is a name',
      'unsupported otherName',
      { excluded: [other(UPN, utf8('x'))] },
      [other(UPN, utf8('a'))],
    ],
    [
      'a form that is not supported, of another type of name',
      'unsupported otherName',
      { permitted: [other(UPN, utf8('x'))] },
      [smtpUtf8('ä@a.test')],
    ],
    [
      'a form that is not supported, without a name',
      'ok',
      { excluded: [other(UPN, utf8('x')), registered] },
      [dns('a.test')],
    ],
    ['a registered identifier', 'unsupported registeredID', { permitted: [registered] }, [registered]],
    ['an X.400 address', 'unsupported x400Address', { permitted: [tlv(0xa3)] }, [tlv(0xa3)]],
    ['an EDI party name', 'unsupported ediPartyName', { permitted: [tlv(0xa5)] }, [tlv(0xa5)]],
    [
      'a malformed constraint without a name of its form',
      'ok',
      { permitted: [dns('.a.test'), ip('c0000201')] },
      [mail('a@a.test')],
    ],
    [
      'a malformed constraint beside one that matches',
      'unreadable dNSName',
      { permitted: [dns('a.test'), dns('.b.test')] },
      [dns('a.test')],
    ],
    [
      'a malformed constraint above one that matches',
      'unreadable dNSName',
      [{ permitted: [dns('.a.test')] }, { permitted: [dns('a.test')] }],
      [dns('a.test')],
    ],
    ['a constraint of no known form', 'unreadable dNSName', { excluded: [tlv(0x8a, hex('00'))] }, [dns('a.test')]],
    ['a name of no known form', 'unreadable dNSName', { excluded: [dns('a.test')] }, [tlv(0x8a, hex('00'))]],
    [
      'a name of no context-specific class',
      'unreadable dNSName',
      { excluded: [dns('a.test')] },
      [tlv(0x42, Buffer.from('a.test'))],
    ],
    [
      'a name with a wrong encoding of its form',
      'unreadable dNSName',
      { excluded: [dns('a.test')] },
      [tlv(0xa2, dns('a.test'))],
    ],
    ['a name with a wrong encoding of a free form', 'ok', { excluded: [dns('a.test')] }, [tlv(0xa1, mail('a@a.test'))]],
    ['malformed names of a free form', 'ok', { excluded: [dns('a.test')] }, [mail('@@'), uri('::'), ip('00')]],
  ])('4.2.1.10 %s', (_, expected, bases, names) => {
    expect(check(bases, names)).toBe(expected);
  });

  test('4.2.1.10 alternative names that cannot be read or occur twice are refused', () => {
    const constrained = NameConstraintSet.none.with(constraintsOf({ excluded: [dns('a.test')] }));
    const names = extension(SUBJECT_ALT_NAME, sequence(dns('b.test')));
    for (const extensions of [[names, names], [extension(SUBJECT_ALT_NAME, hex('3003'))]]) {
      const der = certificateOf({ subject: EMPTY, extensions });
      const read = new DerCertificate(der, readCertificateStructure(der), new Date(0), new Date(0));
      expect(constrained.check(read, unlimited)).toMatchObject({ problem: 'unreadable' });
      expect(NameConstraintSet.none.check(read, unlimited)).toBe('ok');
    }
  });

  test.each<[string, Buffer, string]>([
    ['a minimum of zero', sequence(dns('a.test'), tlv(0x80, hex('00'))), 'ok'],
    ['a minimum', sequence(dns('a.test'), tlv(0x80, hex('01'))), 'unreadable dNSName'],
    ['a maximum', sequence(dns('a.test'), tlv(0x81, hex('05'))), 'unreadable dNSName'],
  ])('4.2.1.10 %s of a subtree', (_, subtree, expected) => {
    const constraints = nameConstraints.read(sequence(tlv(0xa0, subtree)), []);
    const result = NameConstraintSet.none.with(constraints).check(certificate([dns('a.test')]), unlimited);
    expect(result === 'ok' ? result : `${result.problem} ${result.form}`).toBe(expected);
  });

  test('4.2.1.10 an empty list of subtrees cannot be read', () => {
    expect(() => nameConstraints.read(sequence(tlv(0xa0)), [])).toThrow('a list of subtrees is empty');
    expect(() => nameConstraints.read(sequence(tlv(0xa0), tlv(0xa1)), [])).toThrow('a list of subtrees is empty');
  });

  test('12.2 2,048 constraints against 4,096 names end by the budget', () => {
    const bases = Array.from({ length: 2048 }, (_, index) => dns(`x${index}.test`));
    const names = Array.from({ length: 4096 }, (_, index) => dns(`t${index}.test`));
    const set = NameConstraintSet.none.with(constraintsOf({ excluded: bases }));
    let left = 250_000;
    expect(set.check(certificate(names), { compare: () => (left -= 1) >= 0 })).toMatchObject({ problem: 'budget' });
    expect(left).toBe(-1);
  });

  test('12.2 every comparison is counted', () => {
    const set = NameConstraintSet.none.with(
      constraintsOf({ permitted: [dns('a.test')], excluded: [dns('b.test'), dns('c.test')] }),
    );
    let counted = 0;
    set.check(certificate([dns('a.test'), dns('x.a.test')]), { compare: () => (counted += 1) > 0 });
    expect(counted).toBe(6);
  });
});
