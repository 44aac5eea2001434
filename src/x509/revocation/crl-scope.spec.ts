import { describe, expect, it } from 'vitest';

import { extension, hex } from '../../../test/support/der.js';
import { authority, endEntity, extensions, type Issued } from '../../../test/support/signed-certificate.js';
import { crlExtensions, type SignedCrl, signCrl, uri } from '../../../test/support/signed-crl.js';
import type { DistributionPoint } from '../certificate/extensions/distribution-points.js';
import { ALL_REASONS, findOutOfScope, isDeltaOf, reasonsOf } from './crl-scope.js';

const root = authority('Root');
const other = authority('Other Root');
const ca = authority('CA', { issuer: root });
const leaf = endEntity(root);
const { delta, issuingPoint } = crlExtensions;
const indirect = issuingPoint({ flags: [4] });

const EMPTY: DistributionPoint = {
  fullName: undefined,
  nameRelativeToCRLIssuer: undefined,
  reasons: undefined,
  cRLIssuer: undefined,
};

/** A distribution point that names these CRL issuers. */
const pointOf = (...issuers: readonly Issued[]): DistributionPoint => ({
  ...EMPTY,
  cRLIssuer: issuers.flatMap(({ certificate: { subject } }) =>
    subject === undefined ? [] : { kind: 'directoryName', value: subject },
  ),
});

const crlOf = (issuer: Issued, ...list: readonly Buffer[]) => signCrl(issuer, { extensions: list });

const NOT_RESPONSIBLE = ['(b)(1)', 'The CRL is of an issuer that is not responsible for the certificate.'] as const;

describe('13.2 whether a CRL is about a certificate', () => {
  it.each([
    ['it is of the issuer', crlOf(root), EMPTY, leaf],
    ['it is indirect, and of the CRL issuer that the point names', crlOf(other, indirect), pointOf(other), leaf],
    ['it is indirect, and of one of several CRL issuers', crlOf(other, indirect), pointOf(root, other), leaf],
    ['it is for CAs, and it is one', crlOf(root, issuingPoint({ flags: [2] })), EMPTY, ca],
  ])('13.2 yes: %s', (_, crl, point, subject) => {
    expect(findOutOfScope(crl, point, subject.certificate)).toBeUndefined();
  });

  it.each([
    ['it is of another issuer', crlOf(other), EMPTY, leaf, NOT_RESPONSIBLE],
    ['it is indirect, and the point names nobody', crlOf(other, indirect), EMPTY, leaf, NOT_RESPONSIBLE],
    [
      'it is of a CRL issuer that the point does not name',
      crlOf(other, indirect),
      pointOf(root),
      leaf,
      NOT_RESPONSIBLE,
    ],
    ['the point names its issuer, and it is not indirect', crlOf(other), pointOf(other), leaf, NOT_RESPONSIBLE],
    [
      'it is of another point',
      crlOf(root, issuingPoint({ name: uri('http://crl.example/1') })),
      EMPTY,
      leaf,
      ['(b)(2)(i)', 'The CRL is of a distribution point that the certificate does not name.'],
    ],
    [
      'it is for users, and it is a CA',
      crlOf(root, issuingPoint({ flags: [1] })),
      EMPTY,
      ca,
      ['(b)(2)(ii)', 'The CRL contains no certificates of CAs.'],
    ],
    [
      'it is for CAs, and it is a user',
      crlOf(root, issuingPoint({ flags: [2] })),
      EMPTY,
      leaf,
      ['(b)(2)(iii)', 'The CRL contains only certificates of CAs.'],
    ],
    [
      'it is for attribute certificates',
      crlOf(root, issuingPoint({ flags: [5] })),
      EMPTY,
      leaf,
      ['(b)(2)(iv)', 'The CRL contains only attribute certificates.'],
    ],
  ] as const)('13.2 no: %s', (_, crl, point, subject, [step, detail]) => {
    expect(findOutOfScope(crl, point, subject.certificate)).toEqual({
      code: 'crlScope',
      section: `RFC 5280 section 6.3.3 ${step}`,
      detail,
    });
  });
});

describe('13.2 whether a delta CRL belongs to a complete CRL', () => {
  const users = issuingPoint({ flags: [1] });
  const key = extensions.authorityKeyIdentifier(hex('01'));
  const completeOf = (...list: readonly Buffer[]) => signCrl(root, { number: 5, extensions: list });
  const deltaOf = (request: SignedCrl = {}, issuer = root) =>
    signCrl(issuer, { number: 6, ...request, extensions: [delta(5), ...(request.extensions ?? [])] });

  it.each([
    ['neither has an extension besides', completeOf(), deltaOf(), true],
    ['both have the same scope and key', completeOf(users, key), deltaOf({ extensions: [users, key] }), true],
    ['another issuer has signed it', completeOf(), deltaOf({}, other), false],
    ['only the complete one is for users', completeOf(users), deltaOf(), false],
    ['only the delta CRL is for users', completeOf(), deltaOf({ extensions: [users] }), false],
    ['only the complete one names a key', completeOf(key), deltaOf(), false],
    ['only the delta CRL names a key', completeOf(), deltaOf({ extensions: [key] }), false],
    ['it is no delta CRL', completeOf(), signCrl(root, { number: 6 }), false],
    ['it has no number', completeOf(), deltaOf({ number: undefined }), false],
    ['the complete one has no number', signCrl(root, { number: undefined }), deltaOf(), false],
  ])('13.2 %s', (_, complete, changes, expected) => {
    expect(isDeltaOf(changes, complete)).toBe(expected);
  });

  it('13.2 a CRL with an indicator that cannot be read is no delta CRL of any', () => {
    const unreadable = signCrl(root, { number: 6, extensions: [extension('2.5.29.27', hex('0500'), true)] });
    expect(unreadable.isDelta).toBe(true);
    expect(isDeltaOf(unreadable, completeOf())).toBe(false);
  });
});

describe('13.2 the reasons that a CRL covers', () => {
  it.each([
    ['all', undefined, undefined, ALL_REASONS],
    ['those of the point', undefined, [1, 8], 0b1_0000_0010],
    ['those of the CRL', [1, 2], undefined, 0b110],
    ['those of both', [1, 2], [2, 3], 0b100],
    ['none that has no number in RFC 5280', undefined, [0, 9, 31, 32, 33, 40], 0],
  ])('13.2 %s', (_, reasons, pointReasons, expected) => {
    const crl = reasons === undefined ? crlOf(root) : crlOf(root, issuingPoint({ reasons }));
    const point = { ...EMPTY, reasons: pointReasons && new Set(pointReasons) };
    expect(reasonsOf(crl, point)).toBe(expected);
  });
});
