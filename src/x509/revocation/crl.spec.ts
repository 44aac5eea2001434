import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { production } from '../../../test/support/path-search.js';
import { authority, endEntity, extensions } from '../../../test/support/signed-certificate.js';
import { crlDer, crlExtensions, revoked, type SignedCrl, signCrl } from '../../../test/support/signed-crl.js';
import { readCrl } from './read-crl.js';

const root = authority('Root');
const leaf = endEntity(root);
const section4 = { ...production, profile: 'section4' } as const;
const unusable = (section: string, detail: string) => ({
  code: 'crlUnusable',
  section: `RFC 5280 section ${section}`,
  detail,
});

describe('13.2 why a CRL says nothing about any certificate', () => {
  const unknownCritical = extension('1.3.6.1.4.1.55738.666.1', hex('0500'), true);
  const ecdsaWithSha1 = [sequence(objectIdentifier('1.2.840.10045.4.1')), 'sha1'] as const;
  const cases: readonly (readonly [string, string, SignedCrl, string])[] = [
    ['its signature uses SHA-1', '5.1.1.2', { algorithm: ecdsaWithSha1 }, 'Its signature uses SHA-1.'],
    [
      'an extension twice',
      '5.2',
      { extensions: [crlExtensions.number(2)] },
      'An extension of the CRL occurs more than once.',
    ],
    [
      'an unknown critical extension',
      '5.2',
      { extensions: [unknownCritical] },
      'The CRL has a critical extension that is not processed.',
    ],
    [
      'an extension that cannot be read',
      '5.2',
      { extensions: [extension('2.5.29.28', hex('0500'))] },
      'An extension of the CRL cannot be read.',
    ],
    [
      'an entry with an unknown critical extension',
      '5.3',
      { entries: [revoked(leaf, unknownCritical)] },
      'An entry of the CRL has a critical extension that is not processed.',
    ],
    [
      'an entry that names its issuer',
      '5.3.3',
      { entries: [revoked(leaf, crlExtensions.certificateIssuer(root))] },
      'The CRL is not indirect, but an entry names the issuer of its certificate.',
    ],
  ];

  it.each(cases)('13.2 %s', (_, section, request, detail) => {
    expect(signCrl(root, request).findUnusable(production)).toEqual(unusable(section, detail));
  });

  it('13.2 two signature algorithms', () => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
    const other = sequence(objectIdentifier('1.2.840.10045.4.3.3'));
    const der = crlDer(root);
    der.set(other, der.lastIndexOf(algorithm));
    expect(readCrl(der).value?.findUnusable(production)).toEqual(
      unusable('5.1.1.2', 'The two signature algorithms of the CRL differ.'),
    );
  });
});

describe('13.2 what a CRL must have under the profile of RFC 5280 section 4', () => {
  const WRONG = 'An extension has the wrong criticality.';
  const keyIdentifier = hex('01');
  const base = tlv(0x02, hex('01'));
  const cases: readonly (readonly [string, string, SignedCrl, string])[] = [
    ['no number', '5.2.3', { number: undefined }, 'The CRL has no number.'],
    ['a critical number', '5.2.3', { number: undefined, extensions: [extension('2.5.29.20', base, true)] }, WRONG],
    ['a delta CRL indicator that is not critical', '5.2.4', { extensions: [extension('2.5.29.27', base)] }, WRONG],
    ['a scope that is not critical', '5.2.5', { extensions: [extension('2.5.29.28', sequence())] }, WRONG],
    [
      'a critical key identifier',
      '4.2.1.1',
      { extensions: [extensions.authorityKeyIdentifier(keyIdentifier, true)] },
      WRONG,
    ],
  ];

  it.each(cases)('13.2 %s is refused there, and nowhere else', (_, section, request, detail) => {
    const crl = signCrl(root, request);
    expect(crl.findUnusable(section4)).toEqual(unusable(section, detail));
    expect(crl.findUnusable(production)).toBeUndefined();
  });

  it('13.2 one that conforms counts, also with an unknown extension that is not critical', () => {
    const harmless = extension('1.3.6.1.4.1.55738.666.1', hex('0500'));
    const own = [
      extensions.authorityKeyIdentifier(keyIdentifier),
      crlExtensions.issuingPoint({ flags: [1] }),
      harmless,
    ];
    const crl = signCrl(root, { extensions: [...own, crlExtensions.delta(1)] });
    expect(crl.findUnusable(section4)).toBeUndefined();
    expect(crl.authorityKeyIdentifier).toEqual(keyIdentifier);
  });
});

describe('13.2 when a CRL counts', () => {
  it.each([
    [
      'not before thisUpdate',
      'crlNotYetValid',
      { thisUpdate: '260601000001Z' },
      { section: 'RFC 5280 section 5.1.2.4', detail: 'The CRL is not issued yet.' },
    ],
    [
      'not without nextUpdate',
      'crlExpired',
      { nextUpdate: undefined },
      {
        section: 'RFC 5280 section 6.3.3 (a)(1)',
        detail: 'The CRL does not say when the next one is issued.',
      },
    ],
    [
      'not from nextUpdate on',
      'crlExpired',
      { nextUpdate: '260601000000Z' },
      { section: 'RFC 5280 section 6.3.3 (a)(1)', detail: 'The next CRL should have been issued already.' },
    ],
  ])('13.2 %s', (_, code, request, expected) => {
    expect(signCrl(root, request).findNotCurrent(production)).toEqual({ code, ...expected });
  });

  it('13.2 parts of a second count as nothing', () => {
    const time = new Date('2026-06-01T00:00:00.900Z');
    expect(signCrl(root, { thisUpdate: '260601000001Z' }).findNotCurrent({ ...production, time })).toBeDefined();
    expect(signCrl(root, { nextUpdate: '260601000001Z' }).findNotCurrent({ ...production, time })).toBeUndefined();
  });

  it('13.2 at no time is a CRL current', () => {
    expect(signCrl(root).findNotCurrent({ ...production, time: new Date(Number.NaN) })).toMatchObject({
      code: 'crlNotYetValid',
    });
  });
});
