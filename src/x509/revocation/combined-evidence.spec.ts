import { describe, expect, it } from 'vitest';

import { production } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import { crlExtensions, entryOf, revoked, signCrl } from '../../../test/support/signed-crl.js';
import { answerAbout, ocspStatus, signOcsp } from '../../../test/support/signed-ocsp.js';
import { findPath } from '../path/find-path.js';
import { prepareAnchors } from '../path/prepared-anchors.js';
import { crlSet } from './crl-set.js';
import type { Crl } from './crl.js';
import type { OcspResponse } from './ocsp/ocsp-response.js';
import { RevocationCheck } from './revocation-check.js';

const root = authority('Root');
const leaf = endEntity(root);

interface Evidence {
  readonly crls?: readonly Crl[];
  readonly ocsp?: readonly OcspResponse[];
  readonly mode?: 'soft' | 'hard';
  readonly intermediates?: readonly Issued[];
}

function checkOf({ crls = [], ocsp = [], mode = 'hard', intermediates = [] }: Evidence): RevocationCheck {
  const set = prepareAnchors(
    [root.certificate],
    intermediates.map(({ certificate }) => certificate),
  );
  return new RevocationCheck({ crls: crlSet(crls), ocsp, mode, set, parameters: production });
}

const statusOf = (evidence: Evidence) => checkOf(evidence).statusOf([leaf.certificate, root.certificate]);

/** `proven`, or the reason and the section. */
function search(subject: Issued, evidence: Evidence): string {
  const { intermediates = [] } = evidence;
  const set = prepareAnchors(
    [root.certificate],
    intermediates.map(({ certificate }) => certificate),
  );
  const check = checkOf(evidence);
  const result = findPath(subject.certificate, set, { ...production, accept: (path) => check.accept(path) });
  return result.proven ? 'proven' : `${result.reason} ${result.section}`;
}

const respond = (status: Buffer, subject = leaf, issuer = root, request = {}) =>
  signOcsp(issuer, { answers: [answerAbout(subject, issuer, { status })], ...request });

const goodOcsp = respond(ocspStatus.good);
const unknownOcsp = respond(ocspStatus.unknown);
const revokedOcsp = respond(ocspStatus.revoked(4));
const heldOcsp = respond(ocspStatus.revoked(6));
const goodCrl = signCrl(root);
const revokedCrl = signCrl(root, { entries: [revoked(leaf, crlExtensions.reason(1))] });
const heldCrl = signCrl(root, { entries: [revoked(leaf, crlExtensions.reason(6))] });
const staleCrl = signCrl(root, { nextUpdate: '260531000000Z' });
const forgedOcsp = respond(ocspStatus.revoked(1), leaf, root, { signedBy: ecKeys() });

/** The evidence of a response with one answer. */
const ocspItem = (response: OcspResponse) => ({ kind: 'ocsp', response, answer: response.responses[0] });

describe('13.2 CRLs and OCSP together', () => {
  it.each([
    ['both are good', [goodCrl], [goodOcsp], 'good'],
    ['only a CRL is there', [goodCrl], [], 'good'],
    ['only a response is there', [], [goodOcsp], 'good'],
    ['the responder does not know it', [goodCrl], [unknownOcsp], 'good'],
    ['the CRL is stale', [staleCrl], [goodOcsp], 'good'],
    ['the response is forged', [goodCrl], [forgedOcsp], 'good'],
    ['the CRL has it', [revokedCrl], [goodOcsp], 'keyCompromise'],
    ['the responder says revoked', [goodCrl], [revokedOcsp], 'superseded'],
    ['both say revoked', [revokedCrl], [revokedOcsp], 'superseded'],
    ['only the response is a hold', [revokedCrl], [heldOcsp], 'keyCompromise'],
    ['only the CRL is a hold', [heldCrl], [revokedOcsp], 'superseded'],
    ['one CRL is a hold, and another is not', [heldCrl, revokedCrl], [], 'keyCompromise'],
    ['both are a hold', [heldCrl], [heldOcsp], 'certificateHold'],
    ['the CRL is a hold', [goodCrl, heldCrl], [goodOcsp], 'certificateHold'],
  ])('13.2 %s', (_, crls, ocsp, expected) => {
    const status = statusOf({ crls, ocsp });
    expect(status.status === 'revoked' ? status.reason : status.status).toBe(expected);
  });

  it.each([
    ['nothing', [], [], 'missing'],
    ['a stale CRL', [staleCrl], [], 'crlExpired'],
    ['a forged response', [], [forgedOcsp], 'ocspSignature'],
    ['both', [staleCrl], [forgedOcsp], 'ocspSignature'],
    ['a responder that does not know it', [staleCrl], [forgedOcsp, unknownOcsp], 'ocspUnknown'],
    ['a CRL with a wrong signature', [signCrl(root, { corruptSignature: true })], [], 'crlSignature'],
  ])('13.2 without a status, the cause is the closest: %s', (_, crls, ocsp, code) => {
    expect(statusOf({ crls, ocsp })).toMatchObject({ status: 'unknown', code });
  });

  it('13.5 the evidence is that of whoever decides', () => {
    expect(statusOf({ crls: [goodCrl], ocsp: [goodOcsp] }).evidence).toEqual([ocspItem(goodOcsp)]);
    expect(statusOf({ crls: [goodCrl] }).evidence).toEqual([{ kind: 'crl', crl: goodCrl }]);
    expect(statusOf({ crls: [revokedCrl], ocsp: [goodOcsp] }).evidence).toEqual([{ kind: 'crl', crl: revokedCrl }]);
    const some = signCrl(root, { extensions: [crlExtensions.issuingPoint({ reasons: [1] })] });
    expect(statusOf({ crls: [some], ocsp: [unknownOcsp] })).toMatchObject({
      code: 'ocspUnknown',
      evidence: [ocspItem(unknownOcsp), { kind: 'crl', crl: some }],
    });
  });

  it('13.2 a delta CRL is part of the evidence', () => {
    const delta = signCrl(root, { number: 2, extensions: [crlExtensions.delta(1)] });
    expect(statusOf({ crls: [goodCrl, delta] }).evidence).toEqual([
      { kind: 'crl', crl: goodCrl },
      { kind: 'crl', crl: delta },
    ]);
  });

  it('12.2 what was not asked any more might have said revoked', () => {
    const many = Array.from({ length: 200 }, () => signCrl(root, { signedBy: ecKeys() }));
    expect(statusOf({ crls: many, ocsp: [goodOcsp] })).toMatchObject({ status: 'unknown', code: 'budget' });
    expect(statusOf({ crls: [goodCrl, ...many] })).toMatchObject({ status: 'unknown', code: 'budget' });
    expect(statusOf({ crls: many, ocsp: [revokedOcsp] })).toMatchObject({ status: 'revoked' });
    expect(statusOf({ crls: [heldCrl, ...many] })).toMatchObject({ status: 'revoked', reason: 'certificateHold' });
  });
});

describe('13.1 a path with OCSP', () => {
  const ca = authority('CA', { issuer: root });
  const below = endEntity(ca);
  const intermediates = [ca];
  const [caGood, caRevoked] = [ocspStatus.good, ocspStatus.revoked(2)].map((status) => respond(status, ca));
  const [belowGood, belowRevoked] = [ocspStatus.good, ocspStatus.revoked(1)].map((status) =>
    respond(status, below, ca),
  );
  if (!caGood || !caRevoked || !belowGood || !belowRevoked) throw new Error('no response');

  it.each([
    ['all are good', [caGood, belowGood], 'proven', 'proven'],
    ['the certificate is revoked', [caGood, belowRevoked], 'revoked RFC 6960 section 2.2', undefined],
    ['the CA is revoked', [caRevoked, belowGood], 'revoked RFC 6960 section 2.2', undefined],
    ['nobody has asked about the CA', [belowGood], 'revocationUnknown RFC 5280 section 6.3.3', 'proven'],
    ['nobody has asked about the certificate', [caGood], 'revocationUnknown RFC 5280 section 6.3.3', 'proven'],
  ])('13.1 %s', (_, ocsp, hard, soft = hard) => {
    expect(search(below, { ocsp, intermediates })).toBe(hard);
    expect(search(below, { ocsp, intermediates, mode: 'soft' })).toBe(soft);
  });

  it('13.1 one certificate by CRL, another one by OCSP', () => {
    expect(search(below, { crls: [signCrl(ca)], ocsp: [caGood], intermediates })).toBe('proven');
    expect(search(below, { crls: [goodCrl], ocsp: [belowGood], intermediates })).toBe('proven');
    const entry = entryOf(ca.certificate.structure.serialNumber);
    const crls = [signCrl(root, { entries: [entry] })];
    expect(search(below, { crls, ocsp: [belowGood], intermediates })).toBe('revoked RFC 5280 section 6.3.3');
  });

  it('13.5 the status of every certificate but the anchor', () => {
    const check = checkOf({ ocsp: [caGood, belowRevoked], intermediates });
    const path = [below, ca, root].map(({ certificate }) => certificate);
    expect(check.accept(path)).toMatchObject({
      certificate: below.certificate,
      reason: 'revoked',
      detail: 'Its issuer has revoked it.',
    });
    expect(check.statusesOf(path)).toEqual([
      {
        certificate: below.certificate,
        status: expect.objectContaining({ status: 'revoked', reason: 'keyCompromise' }) as unknown,
      },
      { certificate: ca.certificate, status: expect.objectContaining({ status: 'good' }) as unknown },
    ]);
    expect(check.statusesOf([root.certificate])).toEqual([]);
  });

  it('13.5 asking again costs no steps, and gives the same', () => {
    const check = checkOf({ ocsp: [caGood, belowGood], intermediates });
    const path = [below, ca, root].map(({ certificate }) => certificate);
    const first = check.statusesOf(path);
    for (let time = 0; time < 200; time += 1) expect(check.statusesOf(path)).toEqual(first);
    expect(check.accept(path)).toBeUndefined();
  });

  it('13.2 a CRL issuer that a responder reports as revoked does not count', () => {
    const signer = authority('Root', { issuer: root });
    const crl = signCrl(signer);
    const known = { crls: [crl], intermediates: [signer] };
    expect(search(leaf, { ...known, ocsp: [respond(ocspStatus.good, signer)] })).toBe('proven');
    expect(search(leaf, { ...known, ocsp: [respond(ocspStatus.revoked(2), signer)] })).toBe(
      'revocationUnknown RFC 5280 section 6.3.3 (g)',
    );
  });
});
