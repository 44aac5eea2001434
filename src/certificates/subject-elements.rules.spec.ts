import { describe, expect, it } from 'vitest';

import { certificateOf, nameOf, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import type { CredentialOwner } from '../credentials/state-refusals.rules.js';
import type { Name } from '../x509/name/name.js';
import { evaluateSubjectElements } from './subject-elements.rules.js';

function evaluated(elements: string, subject: Name | undefined, owner: Partial<CredentialOwner> = {}) {
  const policy = policyOf({ certificateUploadCheckSubjectDNElements: elements });
  return evaluateSubjectElements(policy, certificateOf({ subject }), ownerOf(owner));
}

const JANE = nameOf(['C', 'CH'], ['O', 'Acme AG'], ['OU', 'IT'], ['CN', 'Jane Doe']);
const common = (value: string) => nameOf(['CN', value]);

describe('evaluateSubjectElements', () => {
  it.each<[string, string, Name | undefined, Partial<CredentialOwner>?]>([
    ['ok/a whole value', 'Acme AG', JANE],
    ['ok/a word of a value', 'Doe', JANE],
    ['ok/a run of words', 'Doe Smith', common('Jane Doe Smith II')],
    ['ok/another case', 'jANE dOE', JANE],
    ['ok/decomposed and full width', 'Ｚürich', common('Zu\u0308rich')],
    ['ok/sharp s', 'GROSS', common('Jan Groß')],
    ['ok/a name written by directory order', 'Doe', common('Doe, Jane')],
    ['ok/any white space', 'Jane  Doe', common('Jane \u00a0Doe')],
    ['ok/a whole attribute', 'O=acme ag', JANE],
    ['ok/an attribute by OID', '2.5.4.11=IT', JANE],
    ['ok/one of two values of the attribute', 'CN=Doe', nameOf(['CN', 'Jane'], ['CN', 'Doe'])],
    ['ok/an attribute with a comma', 'O=acme\\,  inc', nameOf(['O', 'Acme, Inc'])],
    ['ok/family name', 'USER_NAME', JANE],
    ['ok/first name', 'USER_FIRSTNAME', JANE],
    ['ok/login id', 'USER_LOGINID', common('JDOE')],
    ['ok/extId', 'USER_EXTID', common('u-1')],
    ['ok/e-mail', 'USER_EMAIL', nameOf(['1.2.840.113549.1.9.1', 'Jane.Doe@ACME.example'])],
    ['ok/a family name of two words', 'USER_NAME', common('Jan van Dyk'), { familyName: 'van Dyk' }],
  ])('6.2 %s', (_title, element, subject, owner) => {
    expect(evaluated(element, subject, owner).map(({ passed }) => passed)).toEqual([true]);
  });

  it.each<[string, string, Name | undefined, Partial<CredentialOwner>?]>([
    ['fail/a part of a word', 'Doe', common('Doerig')],
    ['fail/the end of a word', 'Doe', common('McDoe')],
    ['fail/a part of a hyphenated name', 'Doe', common('Doe-Smith')],
    ['fail/a part of an address', 'USER_LOGINID', common('jdoe@evil.example')],
    ['fail/words that do not follow each other', 'Jane Doe', common('Jane M. Doe')],
    ['fail/words of two values', 'Doe IT', nameOf(['CN', 'Jane Doe'], ['OU', 'IT'])],
    ['fail/words in another order', 'Doe Jane', JANE],
    ['fail/the value of another attribute', 'CN=Acme AG', JANE],
    ['fail/a part of the attribute', 'O=Acme', JANE],
    ['fail/more than the attribute', 'O=Acme AG Zürich', JANE],
    ['fail/an attribute without the comma', 'O=Acme\\, Inc', nameOf(['O', 'Acme Inc'])],
    ['fail/an attribute with another separator', 'O=Acme Inc', nameOf(['O', 'Acme;Inc'])],
    ['fail/a look-alike letter', 'Doe', common('Jane Dоe')],
    ['fail/dotless i for i', 'Mike', common('Mıke')],
    ['fail/i for dotless i', 'Işıl', common('Işil')],
    ['fail/a hidden character', 'Doe', common('Jane D\u200Boe')],
    ['fail/a value that is not a string', 'Doe', nameOf(['CN', null])],
    ['fail/an empty subject', 'Doe', nameOf()],
    ['fail/no readable subject', 'Doe', undefined],
    ['fail/a field of another user', 'USER_NAME', JANE, { familyName: 'Roe' }],
    ['fail/an empty field', 'USER_NAME', common(''), { familyName: '' }],
    ['fail/an absent field', 'USER_EMAIL', JANE, { email: undefined }],
    ['fail/a blank field', 'USER_FIRSTNAME', JANE, { firstName: ' ' }],
    ['fail/a field with separators only', 'USER_FIRSTNAME', JANE, { firstName: ',' }],
    ['fail/a field that looks like a pattern', 'USER_LOGINID', JANE, { loginId: '.*' }],
    ['fail/a field that looks like a variable', 'USER_LOGINID', JANE, { loginId: 'USER_NAME' }],
    ['fail/a field that looks like an attribute', 'USER_LOGINID', JANE, { loginId: 'CN=Jane Doe' }],
  ])('6.2 %s', (_title, element, subject, owner) => {
    expect(evaluated(element, subject, owner).map(({ passed }) => passed)).toEqual([false]);
  });

  it('6.3 ok/each element has its own outcome, in order', () => {
    expect(evaluated('USER_NAME,O=Other,IT', JANE)).toEqual([
      {
        rule: 'certificateUploadCheckSubjectDNElements',
        passed: true,
        parameter: 'certificateUploadCheckSubjectDNElements',
        expected: '"Doe", the user\'s name.familyName (USER_NAME), in the subject',
        found: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH',
      },
      {
        rule: 'certificateUploadCheckSubjectDNElements',
        passed: false,
        parameter: 'certificateUploadCheckSubjectDNElements',
        expected: 'the subject attribute O=Other',
        found: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH',
        remedy: 'Have it issued with O=Other in its subject.',
      },
      {
        rule: 'certificateUploadCheckSubjectDNElements',
        passed: true,
        parameter: 'certificateUploadCheckSubjectDNElements',
        expected: '"IT" in the subject',
        found: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH',
      },
    ]);
  });

  it('6.3 fail/the outcome of a variable has the field, its value and the remedy', () => {
    expect(evaluated('USER_NAME', JANE, { familyName: 'Roe' })[0]).toMatchObject({
      expected: '"Roe", the user\'s name.familyName (USER_NAME), in the subject',
      remedy: 'Have it issued with "Roe" in its subject, or correct the user\'s name.familyName.',
    });
    expect(evaluated('USER_EMAIL', JANE, { email: undefined })[0]).toMatchObject({
      expected: "the user's contacts.email (USER_EMAIL) in the subject",
      found: 'the user has no contacts.email',
      remedy: "Set the user's contacts.email to a value that occurs in the certificate's subject.",
    });
  });

  it.each([
    ['USER_NAME', 'name.familyName'],
    ['USER_FIRSTNAME', 'name.firstName'],
    ['USER_LOGINID', 'loginId'],
    ['USER_EXTID', 'extId'],
    ['USER_EMAIL', 'contacts.email'],
  ])('6.3 fail/the outcome of %s names the field %s', (variable, field) => {
    const expected = new RegExp(`^"[^"]+", the user's ${field} \\(${variable}\\), in the subject$`);
    expect(evaluated(variable, common('somebody else'))[0]?.expected).toMatch(expected);
  });

  it('6.3 fail/the remedy of a text names it', () => {
    expect(evaluated('Acme Ltd', JANE)[0]?.remedy).toBe('Have it issued with "Acme Ltd" in its subject.');
  });

  it.each([
    [undefined, 'no readable subject'],
    [nameOf(), 'an empty subject'],
  ])('6.3 fail/the outcome reports as found: %s', (subject, found) => {
    expect(evaluated('Doe', subject)[0]?.found).toBe(found);
  });

  it('6.3 fail/subject and user field are escaped and limited in length', () => {
    const [outcome] = evaluated('USER_NAME', common(`a\u001b[2J\u2066,${'x'.repeat(4000)}`), {
      familyName: `\u202e${'y'.repeat(300)}`,
    });
    expect(outcome?.found).toMatch(/^CN=a\\1B\[2J\\E2\\81\\A6\\,x+…$/);
    for (const text of [outcome?.found, outcome?.expected, outcome?.remedy]) {
      expect(text?.length).toBeLessThanOrEqual(250);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
