import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence } from '../../../test/support/der.js';
import { production } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, extensions, type Issued } from '../../../test/support/signed-certificate.js';
import {
  crlExtensions,
  distributionPoints,
  entryOf,
  type PointRequest,
  relativeName,
  revoked,
  signCrl,
  type SignedCrl,
  uri,
} from '../../../test/support/signed-crl.js';
import { findPath } from '../path/find-path.js';
import { prepareAnchors } from '../path/prepared-anchors.js';
import { crlSet } from './crl-set.js';
import type { Crl } from './crl.js';
import { RevocationCheck } from './revocation-check.js';

const root = authority('Root');
const leaf = endEntity(root);

interface Setup {
  readonly anchors?: readonly Issued[];
  readonly intermediates?: readonly Issued[];
  readonly mode?: 'soft' | 'hard';
  readonly time?: Date;
}

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

/** `proven`, or the reason and the section. */
function search(subject: Issued, crls: readonly Crl[], setup: Setup = {}): string {
  const { anchors = [root], intermediates = [], mode = 'hard', time = production.time } = setup;
  const set = prepareAnchors(certificates(anchors), certificates(intermediates));
  const parameters = { ...production, time };
  const check = new RevocationCheck({ crls: crlSet(crls), ocsp: [], mode, set, parameters });
  const result = findPath(subject.certificate, set, { ...parameters, accept: (path) => check.accept(path) });
  return result.proven ? 'proven' : `${result.reason} ${result.section.replace('RFC 5280 section ', '')}`;
}

function statusOf(subject: Issued, crls: readonly Crl[]) {
  const set = prepareAnchors([root.certificate], []);
  const check = new RevocationCheck({ crls: crlSet(crls), ocsp: [], mode: 'hard', set, parameters: production });
  return check.statusOf([subject.certificate, root.certificate]);
}

const REVOKED = 'revoked 6.3.3';
const unknown = (section: string) => `revocationUnknown ${section}`;
const unknownCritical = extension('1.3.6.1.4.1.55738.666.1', hex('0500'), true);
const { delta, issuingPoint, reason, certificateIssuer, invalidityDate } = crlExtensions;

describe('13.1 modes', () => {
  const saysGood = signCrl(root);
  const saysRevoked = signCrl(root, { entries: [revoked(leaf)] });

  it('13.1 revoked refuses in both modes, unknown only under hard', () => {
    for (const mode of ['soft', 'hard'] as const) {
      expect(search(leaf, [saysGood], { mode })).toBe('proven');
      expect(search(leaf, [saysRevoked], { mode })).toBe(REVOKED);
    }
    expect(search(leaf, [], { mode: 'hard' })).toBe(unknown('6.3.3'));
    expect(search(leaf, [], { mode: 'soft' })).toBe('proven');
  });

  it('13.1 every certificate of the path but the anchor is asked', () => {
    const ca = authority('CA', { issuer: root });
    const below = endEntity(ca);
    const setup = { intermediates: [ca] };
    expect(search(below, [saysGood, signCrl(ca)], setup)).toBe('proven');
    expect(search(below, [signCrl(root, { entries: [revoked(ca)] }), signCrl(ca)], setup)).toBe(REVOKED);
    expect(search(below, [saysGood], setup)).toBe(unknown('6.3.3'));
    expect(search(below, [signCrl(ca)], setup)).toBe(unknown('6.3.3'));
  });

  it('13.1 a revoked intermediate does not hide another path', () => {
    const keys = ecKeys();
    const [one, other] = [authority('CA', { issuer: root, keys }), authority('CA', { issuer: root, keys })];
    const below = endEntity(one);
    const crls = [signCrl(root, { entries: [revoked(one)] }), signCrl(one)];
    expect(search(below, crls, { intermediates: [one, other] })).toBe('proven');
    expect(search(below, crls, { intermediates: [one] })).toBe(REVOKED);
  });

  it('12.2 more CRLs than the budget allows are refused in both modes', () => {
    const many = Array.from({ length: 200 }, () => signCrl(root, { signedBy: ecKeys() }));
    for (const mode of ['soft', 'hard'] as const) expect(search(leaf, many, { mode })).toBe('budget 6.3.3');
  });

  it('12.2 CRLs that say nothing are steps as well', () => {
    const stale = signCrl(root, { nextUpdate: '260531000000Z' });
    const many = (count: number) => Array.from({ length: count }, () => stale);
    expect(search(leaf, many(1025))).toBe('budget 6.3.3');
    expect(search(leaf, many(1024))).toBe(unknown('6.3.3 (a)(1)'));
  });
});

describe('13.5 evidence', () => {
  it('13.5 of a revocation: reason, dates, and the CRL with its number and times', () => {
    const entry = revoked(leaf, reason(1), invalidityDate('20260301000000Z'));
    const crl = signCrl(root, { entries: [entry], number: 7 });
    const status = statusOf(leaf, [crl]);
    expect(status).toMatchObject({
      status: 'revoked',
      reason: 'keyCompromise',
      revocationDate: new Date('2026-04-01T00:00:00Z'),
      evidence: [{ kind: 'crl', crl }],
    });
    expect(crl).toMatchObject({
      number: 7n,
      thisUpdate: new Date('2026-05-01T00:00:00Z'),
      nextUpdate: new Date('2027-01-01T00:00:00Z'),
    });
    expect(crl.find(crl.issuerKey, leaf.certificate.structure.serialNumber)).toMatchObject({
      invalidityDate: new Date('2026-03-01T00:00:00Z'),
    });
  });

  it.each([
    ['no reason', [], 'unspecified'],
    ['certificateHold', [reason(6)], 'certificateHold'],
    ['aACompromise', [reason(10)], 'aACompromise'],
    ['a number that is not used', [reason(7)], 'unspecified'],
    ['a reason that cannot be read', [extension('2.5.29.21', hex('0500'))], 'unspecified'],
  ])('13.2 an entry with %s revokes', (_, entryExtensions, expected) => {
    const crl = signCrl(root, { entries: [revoked(leaf, ...entryExtensions)] });
    expect(statusOf(leaf, [crl])).toMatchObject({ status: 'revoked', reason: expected });
  });

  it('13.2 an unknown status says which step came closest', () => {
    const crls = [signCrl(root, { nextUpdate: undefined }), signCrl(root, { corruptSignature: true })];
    expect(statusOf(leaf, crls)).toMatchObject({ status: 'unknown', code: 'crlSignature', evidence: [] });
  });
});

describe('13.2 a CRL that does not count', () => {
  const entries = [revoked(leaf)];
  const ecdsaWithSha1 = [sequence(objectIdentifier('1.2.840.10045.4.1')), 'sha1'] as const;
  const cases: readonly (readonly [string, SignedCrl, string])[] = [
    ['is stale', { nextUpdate: '260531235959Z' }, '6.3.3 (a)(1)'],
    ['ends at this instant', { nextUpdate: '260601000000Z' }, '6.3.3 (a)(1)'],
    ['is not yet valid', { thisUpdate: '260601000001Z' }, '5.1.2.4'],
    ['is without nextUpdate', { nextUpdate: undefined }, '6.3.3 (a)(1)'],
    ['has another key’s signature', { signedBy: ecKeys() }, '6.3.3 (g)'],
    ['has a damaged signature', { corruptSignature: true }, '6.3.3 (g)'],
    ['is signed with SHA-1', { algorithm: ecdsaWithSha1 }, '5.1.1.2'],
    ['has an unknown critical extension', { extensions: [unknownCritical] }, '5.2'],
    ['has an extension twice', { extensions: [crlExtensions.number(2)] }, '5.2'],
    ['has an extension that cannot be read', { extensions: [extension('2.5.29.28', hex('0500'))] }, '5.2'],
    ['has an entry with an unknown critical extension', { entries: [revoked(leaf, unknownCritical)] }, '5.3'],
    ['names issuers, but is not indirect', { entries: [revoked(leaf, certificateIssuer(root))] }, '5.3.3'],
  ];

  it.each(cases)('13.2 it %s: neither revoked nor good', (_, request, section) => {
    expect(search(leaf, [signCrl(root, { entries, ...request })])).toBe(unknown(section));
    expect(search(leaf, [signCrl(root, request)])).toBe(unknown(section));
  });

  it('13.2 it counts from thisUpdate on', () => {
    expect(search(leaf, [signCrl(root, { thisUpdate: '260601000000Z' })])).toBe('proven');
  });

  it('13.2 a CA without cRLSign signs no CRL', () => {
    const keys = ecKeys();
    const own = [extensions.basicConstraints(true), extensions.keyUsage('keyCertSign')];
    const anchor = authority('Anchor', { keys, extensions: own });
    const below = endEntity(anchor);
    expect(search(below, [signCrl(anchor)], { anchors: [anchor] })).toBe(unknown('6.3.3 (f)'));
  });

  it('13.2 a CRL of another issuer with the same name has no say', () => {
    const namesake = authority('Root');
    const crl = signCrl(namesake, { entries });
    expect(search(leaf, [crl])).toBe(unknown('6.3.3 (g)'));
    expect(search(leaf, [crl, signCrl(root)])).toBe('proven');
    expect(search(leaf, [crl], { anchors: [root, namesake] })).toBe(unknown('6.3.3 (g)'));
  });

  it('13.2 the same serial on another issuer’s CRL revokes nobody', () => {
    const other = authority('Other Root');
    const crls = [signCrl(root), signCrl(other, { entries })];
    expect(search(leaf, crls, { anchors: [root, other] })).toBe('proven');
  });

  it('13.2 any usable revoked wins', () => {
    expect(search(leaf, [signCrl(root, { number: 2 }), signCrl(root, { entries })])).toBe(REVOKED);
  });
});

describe('13.2 the issuer of a CRL that is not the issuer of the certificate', () => {
  const signerExtensions = [extensions.keyUsage('cRLSign')];
  const signer = endEntity(root, { subject: 'Root', extensions: signerExtensions });

  it('13.2 another key with the same name, proven to the same anchor', () => {
    const crls = [signCrl(root), signCrl(signer, { entries: [revoked(leaf)] })];
    expect(search(leaf, crls)).toBe('proven');
  });

  it('13.2 an indirect CRL counts if the certificate names its issuer', () => {
    const delegate = endEntity(root, { subject: 'CRL Issuer', extensions: signerExtensions });
    const named = endEntity(root, { and: [distributionPoints({ issuer: delegate })] });
    const indirect = issuingPoint({ flags: [4] });
    const setup = { intermediates: [delegate] };
    const crl = (request: SignedCrl = {}) => signCrl(delegate, { extensions: [indirect], ...request });
    expect(search(named, [signCrl(root), crl()], setup)).toBe('proven');
    const entry = revoked(named, certificateIssuer(root));
    expect(search(named, [signCrl(root), crl({ entries: [entry] })], setup)).toBe(REVOKED);
    // The issuer of an entry is that of the entry before it (5.3.3).
    const inherited = [entryOf(hex('05'), certificateIssuer(root)), revoked(named)];
    expect(search(named, [signCrl(root), crl({ entries: inherited })], setup)).toBe(REVOKED);
    // Without it, the entry is about a certificate of the CRL issuer.
    expect(search(named, [signCrl(root), crl({ entries: [revoked(named)] })], setup)).toBe('proven');
    expect(search(named, [crl({ extensions: [] })], setup)).toBe(unknown('6.3.3 (b)(1)'));
    expect(search(leaf, [crl()], setup)).toBe(unknown('6.3.3'));
    // The certificate of the CRL issuer is asked about as well.
    expect(search(named, [signCrl(root, { entries: [revoked(delegate)] }), crl()], setup)).toBe('proven');
    expect(search(named, [crl()], setup)).toBe(unknown('6.3.3 (f)'));
  });

  it('13.2 a key whose own status only its own CRL tells proves nothing', () => {
    const ca = authority('CA', { issuer: root });
    const successor = authority('CA', { issuer: ca, issuerName: 'CA' });
    const below = endEntity(ca);
    const crls = [signCrl(root), signCrl(successor)];
    expect(search(below, crls, { intermediates: [ca, successor] })).toBe(unknown('6.3.3 (g)'));
    expect(search(below, [...crls, signCrl(ca)], { intermediates: [ca, successor] })).toBe('proven');
  });

  it('13.2 a CRL issuer below another anchor does not count', () => {
    const other = authority('Other Root');
    const delegate = endEntity(other, { subject: 'CRL Issuer', extensions: signerExtensions });
    const named = endEntity(root, { and: [distributionPoints({ issuer: delegate })] });
    const crls = [signCrl(other), signCrl(delegate, { extensions: [issuingPoint({ flags: [4] })] })];
    expect(search(named, crls, { anchors: [root, other], intermediates: [delegate] })).toBe(unknown('6.3.3 (f)'));
  });
});

describe('13.2 scope', () => {
  const [one, two] = [uri('http://crl.example/1'), uri('http://crl.example/2')];
  const at = (...points: readonly PointRequest[]) => endEntity(root, { and: [distributionPoints(...points)] });
  const ca = authority('CA', { issuer: root });

  it.each([
    ['the same point', at({ name: one }), { name: one }, 'proven'],
    ['another point', at({ name: one }), { name: two }, unknown('6.3.3 (b)(2)(i)')],
    ['one of several points', at({ name: one }, { name: two }), { name: two }, 'proven'],
    ['a point, and the certificate names none', leaf, { name: one }, unknown('6.3.3 (b)(2)(i)')],
    ['the same relative name', at({ name: relativeName('A') }), { name: relativeName('a') }, 'proven'],
    ['another relative name', at({ name: relativeName('A') }), { name: relativeName('B') }, unknown('6.3.3 (b)(2)(i)')],
    ['users, and it is one', leaf, { flags: [1] }, 'proven'],
    ['users, and it is a CA', ca, { flags: [1] }, unknown('6.3.3 (b)(2)(ii)')],
    ['CAs, and it is one', ca, { flags: [2] }, 'proven'],
    ['CAs, and it is a user', leaf, { flags: [2] }, unknown('6.3.3 (b)(2)(iii)')],
    ['attribute certificates', leaf, { flags: [5] }, unknown('6.3.3 (b)(2)(iv)')],
    ['some reasons', leaf, { reasons: [1, 2] }, unknown('6.3.3 (l)')],
  ])('13.2 a CRL for %s', (_, subject, point, expected) => {
    const set = prepareAnchors([root.certificate], []);
    const crls = crlSet([signCrl(root, { extensions: [issuingPoint(point)] })]);
    const parameters = { ...production, leafKeyUsage: [] };
    const check = new RevocationCheck({ crls, ocsp: [], mode: 'hard', set, parameters });
    const result = findPath(subject.certificate, set, { ...parameters, accept: (path) => check.accept(path) });
    const outcome = result.proven ? 'proven' : `${result.reason} ${result.section.replace('RFC 5280 section ', '')}`;
    expect(outcome).toBe(expected);
  });

  it('13.2 several CRLs together cover all reasons', () => {
    const [some, others] = [
      [1, 2],
      [3, 4, 5, 6, 7, 8],
    ].map((reasons) => signCrl(root, { extensions: [issuingPoint({ reasons })] }));
    if (some === undefined || others === undefined) throw new Error('no CRL');
    expect(search(leaf, [some, others])).toBe('proven');
    expect(search(leaf, [others])).toBe(unknown('6.3.3 (l)'));
  });

  it('13.2 the reasons of a distribution point count as well', () => {
    const partly = endEntity(root, { and: [distributionPoints({ name: one, reasons: [1] })] });
    const crl = signCrl(root, { extensions: [issuingPoint({ name: one })] });
    expect(search(partly, [crl])).toBe(unknown('6.3.3 (l)'));
  });
});

describe('13.2 delta CRLs', () => {
  const complete = signCrl(root, { number: 5 });
  const held = signCrl(root, { number: 5, entries: [revoked(leaf, reason(6))] });
  const changes = (request: SignedCrl, base = 5) =>
    signCrl(root, { number: 6, ...request, extensions: [delta(base), ...(request.extensions ?? [])] });
  const entries = [revoked(leaf)];

  it('13.2 a delta CRL revokes what the complete CRL does not', () => {
    expect(search(leaf, [complete, changes({ entries })])).toBe(REVOKED);
    expect(search(leaf, [complete, changes({})])).toBe('proven');
  });

  it('13.2 removeFromCRL lifts a hold, and only the newest delta CRL counts', () => {
    const lifted = changes({ entries: [revoked(leaf, reason(8))] });
    expect(search(leaf, [held])).toBe(REVOKED);
    expect(search(leaf, [held, lifted])).toBe('proven');
    expect(search(leaf, [held, lifted, changes({ number: 7, entries })])).toBe(REVOKED);
    expect(search(leaf, [held, changes({ number: 7, entries }), lifted])).toBe(REVOKED);
  });

  it.each([
    ['is based on a newer complete CRL', changes({ entries }, 6)],
    ['is not newer than the complete CRL', changes({ number: 5, entries })],
    ['has another scope', changes({ entries, extensions: [issuingPoint({ flags: [1] })] })],
    ['has another key identifier', changes({ entries, extensions: [extensions.authorityKeyIdentifier(hex('01'))] })],
    ['is stale', changes({ entries, nextUpdate: '260531000000Z' })],
    ['has another key’s signature', changes({ entries, signedBy: ecKeys() })],
    ['has an unknown critical extension', changes({ entries, extensions: [unknownCritical] })],
    ['has no number', changes({ entries, number: undefined })],
  ])('13.2 a delta CRL that %s is not combined', (_, other) => {
    expect(search(leaf, [complete, other])).toBe('proven');
  });

  it('13.2 a delta CRL alone proves nothing, nor does one with a stale complete CRL', () => {
    expect(search(leaf, [changes({})])).toBe(unknown('6.3.3'));
    const stale = signCrl(root, { number: 5, nextUpdate: '260531000000Z' });
    expect(search(leaf, [stale, changes({})])).toBe(unknown('6.3.3 (a)(1)'));
  });
});
