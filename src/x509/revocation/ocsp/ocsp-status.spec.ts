import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../../test/support/der.js';
import { production } from '../../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, type Issued } from '../../../../test/support/signed-certificate.js';
import {
  answerAbout,
  certIdDer,
  criticalExtension,
  type OcspAnswer,
  ocspStatus,
  responderIds,
  type SignedOcsp,
  signOcsp,
} from '../../../../test/support/signed-ocsp.js';
import { prepareAnchors } from '../../path/prepared-anchors.js';
import { crlSet } from '../crl-set.js';
import { RevocationCheck } from '../revocation-check.js';
import type { OcspResponse } from './ocsp-response.js';

const root = authority('Root');
const leaf = endEntity(root);

function statusOf(responses: readonly OcspResponse[], subject = leaf, { time = production.time, issuer = root } = {}) {
  const set = prepareAnchors([issuer.certificate], []);
  const parameters = { ...production, time };
  const check = new RevocationCheck({ crls: crlSet([]), ocsp: responses, mode: 'hard', set, parameters });
  return check.statusOf([subject.certificate, issuer.certificate]);
}

/** `good`, `revoked`, or why it is unknown. */
function outcome(responses: readonly OcspResponse[], subject: Issued = leaf): string {
  const status = statusOf(responses, subject);
  return status.status === 'unknown' ? status.code : status.status;
}

const about = (answer: OcspAnswer = {}, subject = leaf) => answerAbout(subject, root, answer);
const response = (answer: OcspAnswer = {}, request: SignedOcsp = {}) =>
  signOcsp(root, { answers: [about(answer)], ...request });
const saysRevoked = { status: ocspStatus.revoked(1) };
const repeated = (one: OcspResponse, count: number) => Array.from({ length: count }, () => one);

describe('13.2 what an OCSP answer says', () => {
  it('13.2 good, with the answer as evidence', () => {
    const good = response();
    expect(statusOf([good])).toEqual({
      status: 'good',
      evidence: [{ kind: 'ocsp', response: good, answer: good.responses[0] }],
    });
  });

  it.each([
    ['no reason', undefined, 'unspecified'],
    ['keyCompromise', 1, 'keyCompromise'],
    ['certificateHold', 6, 'certificateHold'],
    ['removeFromCRL', 8, 'removeFromCRL'],
    ['a number that is not used', 7, 'unspecified'],
    ['a number that is not known', 99, 'unspecified'],
  ])('13.2 revoked with %s is revoked', (_, code, reason) => {
    const revoked = response({ status: ocspStatus.revoked(code) });
    expect(statusOf([revoked])).toEqual({
      status: 'revoked',
      reason,
      revocationDate: new Date('2026-04-01T00:00:00Z'),
      evidence: [{ kind: 'ocsp', response: revoked, answer: revoked.responses[0] }],
    });
  });

  it('13.2 revoked stands without a revocation date that can be read', () => {
    const revoked = response({ status: ocspStatus.revoked(1, '20260401000000.5Z') });
    expect(statusOf([revoked])).toMatchObject({ status: 'revoked', revocationDate: undefined });
  });

  it('13.2 a certificate that the responder does not know is unknown', () => {
    const answer = response({ status: ocspStatus.unknown });
    expect(statusOf([answer])).toMatchObject({
      status: 'unknown',
      code: 'ocspUnknown',
      section: 'RFC 6960 section 2.2',
      detail: 'The OCSP responder does not know the certificate.',
      evidence: [{ response: answer }],
    });
    expect(outcome([answer, response()])).toBe('good');
  });

  it('13.2 any usable revoked wins, in another response and in the same one', () => {
    expect(outcome([response(), response(saysRevoked)])).toBe('revoked');
    expect(outcome([response(saysRevoked), response()])).toBe('revoked');
    expect(outcome([signOcsp(root, { answers: [about(), about(saysRevoked)] })])).toBe('revoked');
  });

  it('13.2 a hold does not hide a reason that is for ever', () => {
    const held = response({ status: ocspStatus.revoked(6) });
    expect(statusOf([held, response(saysRevoked)])).toMatchObject({ reason: 'keyCompromise' });
    expect(statusOf([held, response()])).toMatchObject({ reason: 'certificateHold' });
    expect(statusOf([held, response({ status: ocspStatus.revoked(6, '20260402000000Z') })])).toMatchObject({
      revocationDate: new Date('2026-04-01T00:00:00Z'),
    });
  });

  it('13.2 a response about several certificates counts for each of them', () => {
    const other = endEntity(root);
    const both = signOcsp(root, { answers: [about(saysRevoked, other), about()] });
    expect(outcome([both])).toBe('good');
    expect(outcome([both], other)).toBe('revoked');
  });
});

describe('13.2 which certificate an answer is about', () => {
  it.each([
    ['SHA-1', '1.3.14.3.2.26', 'good'],
    ['SHA-256', '2.16.840.1.101.3.4.2.1', 'good'],
    ['SHA-384', '2.16.840.1.101.3.4.2.2', 'good'],
    ['SHA-512', '2.16.840.1.101.3.4.2.3', 'good'],
    ['another digest', '2.16.840.1.101.3.4.2.4', 'missing'],
  ])('13.2 a CertID with %s', (_, digest, expected) => {
    expect(outcome([response({ digest })])).toBe(expected);
  });

  it('13.2 another serial number of the same issuer is another certificate', () => {
    const other = signOcsp(root, { answers: [about(saysRevoked, endEntity(root))] });
    expect(outcome([other])).toBe('missing');
    expect(statusOf([other])).toMatchObject({
      section: 'RFC 5280 section 6.3.3',
      detail: 'There is no OCSP response about the certificate, and no CRL of an issuer that is responsible for it.',
      evidence: [],
    });
  });

  it.each([
    ['another issuer', authority('Other Root')],
    ['another issuer with the same name', authority('Root')],
    ['another issuer with the same key', authority('Other Root', { keys: root.keys })],
  ])('13.2 the same serial number of %s is another certificate', (_, other) => {
    const certId = certIdDer(leaf, other);
    expect(outcome([response({ ...saysRevoked, certId })])).toBe('missing');
    expect(outcome([response({ certId })])).toBe('missing');
  });

  it('13.2 without the certificate of the issuer nothing is known', () => {
    const set = prepareAnchors([root.certificate], []);
    const check = new RevocationCheck({
      crls: crlSet([]),
      ocsp: [response()],
      mode: 'hard',
      set,
      parameters: production,
    });
    expect(check.statusOf([leaf.certificate])).toMatchObject({ status: 'unknown', code: 'missing' });
    expect(check.statusOf([])).toMatchObject({ status: 'unknown', code: 'missing', evidence: [] });
  });
});

// The time of the tests is 2026-06-01T00:00:00Z.
describe('13.2 update times, with five minutes of leeway', () => {
  it.each([
    ['thisUpdate is now', { thisUpdate: '20260601000000Z' }, 'good'],
    ['thisUpdate is five minutes ahead', { thisUpdate: '20260601000500Z' }, 'good'],
    ['thisUpdate is further ahead', { thisUpdate: '20260601000501Z' }, 'ocspNotYetValid'],
    ['nextUpdate is now', { nextUpdate: '20260601000000Z' }, 'good'],
    ['nextUpdate was five minutes ago', { nextUpdate: '20260531235500Z' }, 'good'],
    ['nextUpdate was earlier', { nextUpdate: '20260531235459Z' }, 'ocspExpired'],
    [
      'nextUpdate is before thisUpdate',
      { thisUpdate: '20260601000001Z', nextUpdate: '20260601000000Z' },
      'ocspUnusable',
    ],
    ['nextUpdate is thisUpdate', { thisUpdate: '20260601000000Z', nextUpdate: '20260601000000Z' }, 'good'],
    ['no nextUpdate: ten minutes old', { thisUpdate: '20260531235000Z', nextUpdate: undefined }, 'good'],
    ['no nextUpdate: older', { thisUpdate: '20260531234959Z', nextUpdate: undefined }, 'ocspExpired'],
  ])('13.2 %s', (_, answer, expected) => {
    expect(outcome([response(answer)])).toBe(expected);
    expect(outcome([response({ ...saysRevoked, ...answer })])).toBe(expected === 'good' ? 'revoked' : expected);
  });

  it.each([
    ['20260601000500Z', 'good'],
    ['20260601000501Z', 'ocspNotYetValid'],
  ])('13.2 produced at %s', (producedAt, expected) => {
    expect(outcome([response({}, { producedAt })])).toBe(expected);
  });

  it('13.2 parts of a second count as nothing', () => {
    const time = new Date('2026-06-01T00:00:00.900Z');
    expect(statusOf([response({ nextUpdate: '20260531235500Z' })], leaf, { time })).toMatchObject({ status: 'good' });
    expect(statusOf([response({ thisUpdate: '20260601000501Z' })], leaf, { time })).toMatchObject({
      status: 'unknown',
    });
  });

  it('13.2 at no time is nothing current', () => {
    const time = new Date(Number.NaN);
    expect(statusOf([response()], leaf, { time })).toMatchObject({ code: 'ocspNotYetValid' });
  });

  it('13.2 an old answer beside a current one has no say', () => {
    const old = { ...saysRevoked, nextUpdate: '20260515000000Z' };
    expect(outcome([signOcsp(root, { answers: [about(old), about()] })])).toBe('good');
    expect(outcome([response(old), response()])).toBe('good');
  });

  it('13.2 of two old answers, the cause is that of the closest', () => {
    const answers = [about({ thisUpdate: '20260701000000Z' }), about({ nextUpdate: '20260515000000Z' })];
    expect(outcome([signOcsp(root, { answers })])).toBe('ocspExpired');
    expect(outcome([signOcsp(root, { answers: answers.toReversed() })])).toBe('ocspExpired');
  });
});

describe('13.2 an OCSP response that does not count', () => {
  const ecdsaWithSha1 = [sequence(objectIdentifier('1.2.840.10045.4.1')), 'sha1'] as const;
  const unknownAlgorithm = [sequence(objectIdentifier('1.2.840.113549.1.1.4')), 'sha256'] as const;
  const cases: readonly (readonly [string, OcspAnswer, SignedOcsp, string, string])[] = [
    ['has a damaged signature', {}, { corruptSignature: true }, 'ocspSignature', 'RFC 6960 section 3.2 (2)'],
    ['has another key’s signature', {}, { signedBy: ecKeys() }, 'ocspSignature', 'RFC 6960 section 3.2 (2)'],
    ['is signed with SHA-1', {}, { algorithm: ecdsaWithSha1 }, 'ocspUnusable', 'RFC 6960 section 4.2.1'],
    ['is signed with MD5', {}, { algorithm: unknownAlgorithm }, 'ocspUnusable', 'RFC 6960 section 4.2.1'],
    ['has a critical extension', {}, { extensions: [criticalExtension] }, 'ocspUnusable', 'RFC 6960 section 4.4'],
    ['has one in the answer', { extensions: [criticalExtension] }, {}, 'ocspUnusable', 'RFC 6960 section 4.4'],
    ['is produced in the future', {}, { producedAt: '20260602000000Z' }, 'ocspNotYetValid', 'RFC 6960 section 3.2 (5)'],
    ['is stale', { nextUpdate: '20260531000000Z' }, {}, 'ocspExpired', 'RFC 6960 section 3.2 (6)'],
    [
      'names another responder',
      {},
      { responderId: responderIds.byName(authority('Other')) },
      'ocspSigner',
      'RFC 6960 section 4.2.2.2',
    ],
  ];

  it.each(cases)('13.2 it %s: neither revoked nor good', (_, answer, request, code, section) => {
    for (const status of [ocspStatus.good, ocspStatus.revoked(1), ocspStatus.unknown]) {
      const found = statusOf([response({ ...answer, status }, request)]);
      expect(found).toMatchObject({ status: 'unknown', code, section, evidence: [] });
    }
  });

  it.each(cases)('13.2 it %s: another one may still be good', (_, answer, request) => {
    expect(outcome([response({ ...answer, ...saysRevoked }, request), response()])).toBe('good');
  });

  it.each([
    [
      { thisUpdate: '20260601000001Z', nextUpdate: '20260601000000Z' },
      'RFC 6960 section 4.2.2.1',
      'The OCSP response ends before it begins.',
    ],
    [{ nextUpdate: '20260531000000Z' }, 'RFC 6960 section 3.2 (6)', 'The OCSP response is too old.'],
    [{ thisUpdate: '20260602000000Z' }, 'RFC 6960 section 3.2 (5)', 'The OCSP response is from the future.'],
    [
      { extensions: [criticalExtension] },
      'RFC 6960 section 4.4',
      'The OCSP response has a critical extension that is not processed.',
    ],
  ])('13.5 an answer that does not count says why (%#)', (answer, section, detail) => {
    expect(statusOf([response(answer)])).toMatchObject({ section, detail });
  });

  it('13.2 SHA-1 counts where the rules of the path allow it', () => {
    const set = prepareAnchors([root.certificate], []);
    const parameters = { ...production, algorithms: { ...production.algorithms, sha1: true } };
    const ocsp = [response({}, { algorithm: ecdsaWithSha1 })];
    const check = new RevocationCheck({ crls: crlSet([]), ocsp, mode: 'hard', set, parameters });
    expect(check.statusOf([leaf.certificate, root.certificate])).toMatchObject({ status: 'good' });
  });

  it('13.2 a nonce that nobody asked for, and other extensions that are not critical, are ignored', () => {
    const nonce = extension('1.3.6.1.5.5.7.48.1.2', tlv(0x04, hex('0102')));
    expect(outcome([response({ extensions: [nonce] }, { extensions: [nonce] })])).toBe('good');
  });

  it('12.2 a response that says nothing is a step, and one about another certificate is none', () => {
    const stale = response({ nextUpdate: '20260531000000Z' });
    expect(outcome(repeated(stale, 1025))).toBe('budget');
    expect(outcome(repeated(stale, 1024))).toBe('ocspExpired');
    const other = signOcsp(root, { answers: [about({}, endEntity(root))] });
    expect(outcome([...repeated(other, 1025), response()])).toBe('good');
  });

  it('12.2 more responses than the budget allows are refused', () => {
    const many = Array.from({ length: 200 }, () => response({}, { corruptSignature: true }));
    expect(outcome([...many, response()])).toBe('budget');
    expect(outcome([response(), ...many])).toBe('budget');
    expect(outcome([response(saysRevoked), ...many])).toBe('revoked');
    expect(outcome([response({ status: ocspStatus.revoked(6) }), ...many])).toBe('revoked');
    expect(outcome([...many.slice(0, 100), response()])).toBe('good');
  });
});
