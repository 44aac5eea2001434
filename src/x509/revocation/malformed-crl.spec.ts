import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { production } from '../../../test/support/path-search.js';
import { authority } from '../../../test/support/signed-certificate.js';
import { crlDer, crlExtensions, entryOf } from '../../../test/support/signed-crl.js';
import { Tag } from '../der/tag.js';
import { readCrl } from './read-crl.js';

const root = authority('Root');
const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const signature = tlv(Tag.bitString, hex('00'));
const utc = (text: string) => tlv(Tag.utcTime, Buffer.from(text));
const general = (text: string) => tlv(Tag.generalizedTime, Buffer.from(text));
const now = utc('260501000000Z');
const version = tlv(Tag.integer, hex('01'));
const NULL = hex('0500');

/** With these fields in the signed part. */
const crl = (...fields: readonly Buffer[]) => sequence(sequence(...fields), algorithm, signature);
const withEntry = (...fields: readonly Buffer[]) =>
  crl(version, algorithm, root.subject, now, sequence(sequence(...fields)));
const withExtensions = (...content: readonly Buffer[]) =>
  crl(version, algorithm, root.subject, now, tlv(0xa0, ...content));
const serialNumber = tlv(Tag.integer, hex('05'));
const withEntryExtension = (...fields: readonly Buffer[]) =>
  withEntry(serialNumber, now, sequence(sequence(...fields)));
const reasonCode = objectIdentifier('2.5.29.21');

const missing = (what: string) => `${what} is missing or has a wrong type`;
const trailing = (what: string) => `${what} has trailing data`;
const NO_TIME = 'the revocation date of an entry is not a time';
const NO_UPDATE_TIME = 'an update time is not in the form of RFC 5280';
const NO_VERSION = 'it is not a CRL of version 1 or 2';

describe('11.5 a CRL that cannot be read', () => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', Buffer.alloc(0), missing('the CRL')],
    ['no signed part', sequence(NULL), missing('the signed part')],
    ['no signature', sequence(sequence(), algorithm, NULL), missing('the signature')],
    ['more after the signature', sequence(sequence(), algorithm, signature, NULL), trailing('the CRL')],
    ['version 1, encoded', crl(tlv(Tag.integer, hex('00')), algorithm), NO_VERSION],
    ['version 3', crl(tlv(Tag.integer, hex('02')), algorithm), NO_VERSION],
    ['a version of two octets', crl(tlv(Tag.integer, hex('0100')), algorithm), NO_VERSION],
    ['no issuer', crl(version, algorithm, NULL), missing('the issuer')],
    ['an empty issuer', crl(version, algorithm, sequence(), now), 'the issuer is empty'],
    ['a long issuer', crl(version, algorithm, sequence(Buffer.alloc(65_537)), now), 'the issuer is longer than 64 KiB'],
    ['thisUpdate without seconds', crl(version, algorithm, root.subject, utc('2605010000Z')), NO_UPDATE_TIME],
    [
      'nextUpdate with parts of a second',
      crl(version, algorithm, root.subject, now, general('20270101000000.5Z')),
      NO_UPDATE_TIME,
    ],
    ['more in the signed part', crl(version, algorithm, root.subject, now, NULL), trailing('the signed part')],
    [
      'extensions in version 1',
      crl(algorithm, root.subject, now, tlv(0xa0, sequence(crlExtensions.number(1)))),
      'only version 2 has extensions',
    ],
    ['no list of extensions', withExtensions(NULL), missing('the list of extensions')],
    ['two lists of extensions', withExtensions(sequence(), sequence()), trailing('the list of extensions')],
    ['an extension that is none', withExtensions(sequence(NULL)), missing('an extension')],
    ['long extensions', withExtensions(Buffer.alloc(65_537)), 'the extensions are longer than 64 KiB'],
    ['an entry that is none', crl(version, algorithm, root.subject, now, sequence(NULL)), missing('an entry')],
    ['an entry without a number', withEntry(now), missing('the serial number of an entry')],
    ['an entry with a short UTCTime', withEntry(serialNumber, utc('2604010000Z')), NO_TIME],
    ['an entry with a long UTCTime', withEntry(serialNumber, utc('20260401000000Z')), NO_TIME],
    ['an entry with a short GeneralizedTime', withEntry(serialNumber, general('260401000000Z')), NO_TIME],
    ['an entry with another type of time', withEntry(serialNumber, tlv(0x0c, Buffer.from('260401000000Z'))), NO_TIME],
    ['more in an entry', withEntry(serialNumber, now, NULL), trailing('an entry')],
    [
      'an entry with an extension that is none',
      withEntry(serialNumber, now, sequence(NULL)),
      missing('an extension of an entry'),
    ],
    ['an entry extension without identifier', withEntryExtension(NULL), missing('an extension identifier')],
    ['an entry extension without value', withEntryExtension(reasonCode, NULL), missing('an extension value')],
    [
      'more in an entry extension',
      withEntryExtension(reasonCode, tlv(Tag.octetString), NULL),
      trailing('an extension of an entry'),
    ],
    [
      'a certificate issuer that is none',
      withEntryExtension(objectIdentifier('2.5.29.29'), tlv(Tag.octetString, NULL)),
      missing('the certificate issuer'),
    ],
  ];

  it.each(cases)('11.5 %s: the problem is named', (_, der, problem) => {
    expect(readCrl(der)).toEqual({ value: undefined, problems: [problem] });
  });
});

describe('11.5 a CRL that is read', () => {
  it('11.5 version 1, which has no extensions', () => {
    const { value } = readCrl(crl(algorithm, root.subject, now, general('20270101000000Z')));
    expect(value?.nextUpdate).toEqual(new Date('2027-01-01T00:00:00Z'));
    expect(value?.structure).toMatchObject({ entries: undefined, extensions: [] });
  });

  it('12.2 issuer and extensions of 64 KiB', () => {
    const octets = 65_536 - extension('1.2.3', Buffer.alloc(65_000)).length + 65_000 - 4;
    const list = sequence(extension('1.2.3', Buffer.alloc(octets)));
    expect(list).toHaveLength(65_536);
    expect(readCrl(withExtensions(list)).value).toBeDefined();
    expect(readCrl(withExtensions(sequence(extension('1.2.3', Buffer.alloc(octets + 1))))).value).toBeUndefined();
  });

  it.each([
    ['a UTCTime', utc('260401000000Z')],
    ['a GeneralizedTime', general('20260401000000Z')],
  ])('11.5 an entry with %s', (_, date) => {
    const { value } = readCrl(withEntry(serialNumber, date));
    expect(value?.find(value.issuerKey, hex('05'))).toEqual({
      reason: 'unspecified',
      revocationDate: new Date('2026-04-01T00:00:00Z'),
      invalidityDate: undefined,
    });
  });

  it('11.5 an invalidity date that cannot be read is left out', () => {
    for (const value of [crlExtensions.invalidityDate('20260401000000.5Z'), extension('2.5.29.24', NULL)]) {
      const read = readCrl(crlDer(root, { entries: [entryOf(hex('05'), value)] })).value;
      expect(read?.find(read.issuerKey, hex('05'))).toMatchObject({ invalidityDate: undefined });
    }
  });
});

const readWith = (...list: readonly Buffer[]) =>
  readCrl(crlDer(root, { entries: [entryOf(hex('05'), ...list), entryOf(hex('06'))] })).value;

describe('13.2 extensions of entries', () => {
  const superseded = hex('0a0104');

  it.each([
    ['reasonCode', extension('2.5.29.21', superseded, true), 'superseded'],
    ['invalidityDate', extension('2.5.29.24', general('20260301000000Z'), true), 'unspecified'],
  ])('13.2 %s may be critical', (_, own, reason) => {
    const value = readWith(own);
    expect(value?.findUnusable(production)).toBeUndefined();
    expect(value?.find(value.issuerKey, hex('05'))?.reason).toBe(reason);
  });

  it.each(['1.2.29.21', '2.5.4.21', '2.5.29.21.1', '2.5.29.99', '1.2.3.4.5'])(
    '13.2 %s is not reasonCode, and must not be critical',
    (oid) => {
      const harmless = readWith(extension(oid, superseded));
      expect(harmless?.findUnusable(production)).toBeUndefined();
      expect(harmless?.find(harmless.issuerKey, hex('05'))?.reason).toBe('unspecified');
      expect(readWith(extension(oid, superseded, true))?.findUnusable(production)).toMatchObject({
        code: 'crlUnusable',
      });
      // Also before one that is processed.
      const both = readWith(extension(oid, superseded, true), crlExtensions.reason(1));
      expect(both?.findUnusable(production)).toMatchObject({ code: 'crlUnusable' });
    },
  );

  it.each([
    ['two octets', hex('0a020004')],
    ['no octets', hex('0a00')],
    ['an INTEGER', hex('020104')],
    ['a number beyond the last', hex('0a010b')],
  ])('13.2 a reason of %s is unspecified', (_, value) => {
    const crlValue = readWith(extension('2.5.29.21', value));
    expect(crlValue?.find(crlValue.issuerKey, hex('05'))?.reason).toBe('unspecified');
  });
});
