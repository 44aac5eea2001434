import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { authority, commonName, endEntity } from '../../../test/support/signed-certificate.js';
import {
  crlExtensions,
  distributionPoints,
  type PointRequest,
  relativeName,
  signCrl,
  uri,
} from '../../../test/support/signed-crl.js';
import { cRLDistributionPoints } from '../certificate/extensions/distribution-points.js';
import { namesMatch, pointsOf } from './distribution-names.js';

const root = authority('Root');
const other = authority('Other Root');
const text = (tag: number, value: string) => tlv(tag, Buffer.from(value));
const full = (...names: readonly Buffer[]) => tlv(0xa0, ...names);
const otherName = (type: string, value: string) => tlv(0xa0, objectIdentifier(type), tlv(0xa0, text(0x0c, value)));
const directory = (name: Buffer) => tlv(0xa4, name);

/** Whether a CRL of the root for the one name is for a certificate whose distribution point has the other. */
function matches(ofCrl: Buffer | undefined, ofPoint: PointRequest): boolean {
  const crl = signCrl(root, { extensions: [crlExtensions.issuingPoint(ofCrl === undefined ? {} : { name: ofCrl })] });
  const { certificate } = endEntity(root, { and: [distributionPoints(ofPoint)] });
  const [point] = certificate.extension(cRLDistributionPoints) ?? [];
  if (point === undefined) throw new Error('no point');
  return namesMatch(crl, point, certificate);
}

describe('13.2 names of distribution points', () => {
  const [a, b] = [text(0x86, 'http://crl.example/a'), text(0x86, 'http://crl.example/b')];
  const below = (name: string) => directory(sequence(root.subject.subarray(2), commonName(name).subarray(2)));

  it.each([
    ['a URI', full(a), full(a), true],
    ['another URI', full(a), full(b), false],
    ['a URI in upper case', full(text(0x86, 'http://crl.example/A')), full(a), false],
    ['one of several', full(a, b), full(text(0x82, 'x'), b), true],
    ['a DNS name in upper case', full(text(0x82, 'CRL.example')), full(text(0x82, 'crl.EXAMPLE')), true],
    ['another DNS name', full(text(0x82, 'crl.example')), full(text(0x82, 'crl2.example')), false],
    ['the text of another kind', full(text(0x82, 'crl.example')), full(text(0x81, 'crl.example')), false],
    ['an IP address', full(tlv(0x87, hex('7f000001'))), full(tlv(0x87, hex('7f000001'))), true],
    ['another IP address', full(tlv(0x87, hex('7f000001'))), full(tlv(0x87, hex('7f000002'))), false],
    ['another name', full(otherName('1.2.3', 'x')), full(otherName('1.2.3', 'x')), true],
    ['another name with another value', full(otherName('1.2.3', 'x')), full(otherName('1.2.3', 'y')), false],
    ['another name of another type', full(otherName('1.2.3', 'x')), full(otherName('1.2.4', 'x')), false],
    ['a directory name', full(directory(commonName('A'))), full(directory(commonName('a'))), true],
    ['another directory name', full(directory(commonName('A'))), full(directory(commonName('B'))), false],
    ['a name relative to the issuer, written in full', relativeName('A'), full(below('A')), true],
    ['another name below the issuer', relativeName('A'), full(below('B')), false],
    ['a full name, and it is relative in the certificate', full(below('A')), relativeName('A'), true],
    ['no name', undefined, full(a), true],
  ])('13.2 %s', (_, ofCrl, name, expected) => {
    expect(matches(ofCrl, { name })).toBe(expected);
  });

  it('13.2 a point without a name has the names of its CRL issuers', () => {
    expect(matches(full(directory(other.subject)), { issuer: other })).toBe(true);
    expect(matches(full(directory(root.subject)), { issuer: other })).toBe(false);
    expect(matches(full(a), { issuer: other })).toBe(false);
    // A name of its own is what counts.
    expect(matches(full(directory(other.subject)), { issuer: other, name: uri('http://crl.example/a') })).toBe(false);
  });

  it('13.2 the last point has the names of the issuer, also its alternative ones', () => {
    const alternative = extension('2.5.29.18', sequence(a));
    const { certificate } = endEntity(root, { and: [alternative] });
    const points = pointsOf(certificate, []);
    expect(points).toHaveLength(1);
    expect(points[0]?.fullName?.map(({ kind }) => kind)).toEqual(['directoryName', 'uniformResourceIdentifier']);
    const crlFor = (name: Buffer) => signCrl(root, { extensions: [crlExtensions.issuingPoint({ name: full(name) })] });
    const found = [a, b, directory(root.subject)].map((name) =>
      points.some((one) => namesMatch(crlFor(name), one, certificate)),
    );
    expect(found).toEqual([true, false, true]);
    expect(pointsOf(certificate, points)).toEqual([...points, ...points]);
  });
});
