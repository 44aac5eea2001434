import { describe, expect, it } from 'vitest';

import { hex, objectIdentifier, sequence } from '../../../../test/support/der.js';
import { production } from '../../../../test/support/path-search.js';
import {
  authority,
  type AuthorityRequest,
  CLIENT_AUTH,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  OCSP_SIGNING,
} from '../../../../test/support/signed-certificate.js';
import { crlExtensions, distributionPoints, revoked, signCrl } from '../../../../test/support/signed-crl.js';
import {
  answerAbout,
  ocspResponder,
  ocspStatus,
  responderIds,
  type SignedOcsp,
  signOcsp,
} from '../../../../test/support/signed-ocsp.js';
import { prepareAnchors } from '../../path/prepared-anchors.js';
import { crlSet } from '../crl-set.js';
import type { Crl } from '../crl.js';
import { RevocationCheck } from '../revocation-check.js';
import type { OcspResponse } from './ocsp-response.js';

const root = authority('Root');
const leaf = endEntity(root);

interface Setup {
  readonly crls?: readonly Crl[];
  /** From the certificate that is asked about to the anchor. */
  readonly path?: readonly [Issued, ...Issued[]];
  /** Besides the path. */
  readonly known?: readonly Issued[];
}

function statusOf(responses: readonly OcspResponse[], { crls = [], path = [leaf, root], known = [] }: Setup = {}) {
  const certificates = path.map(({ certificate }) => certificate);
  const others = known.map(({ certificate }) => certificate);
  const set = prepareAnchors(certificates.slice(-1), [...certificates.slice(1, -1), ...others]);
  const inputs = { crls: crlSet(crls), ocsp: responses, set, parameters: production };
  const check = new RevocationCheck({ ...inputs, mode: 'hard' });
  return check.statusOf(certificates);
}

/** `good`, `revoked`, or why it is unknown. */
function outcome(responses: readonly OcspResponse[], setup: Setup = {}): string {
  const status = statusOf(responses, setup);
  return status.status === 'unknown' ? status.detail : status.status;
}

const good = [answerAbout(leaf, root)];
const bad = [answerAbout(leaf, root, { status: ocspStatus.revoked(1) })];

/** Signed by this responder, whose certificate is in the response. */
function by(responder: Issued, request: SignedOcsp = {}): OcspResponse {
  return signOcsp(responder, { answers: good, certificates: [responder.der], ...request });
}

/** Neither its `good` nor its `revoked` counts. */
function refusal(responder: Issued, setup: Setup = {}, request: SignedOcsp = {}): string {
  const details = [good, bad].map((answers) => outcome([by(responder, { answers, ...request })], setup));
  expect(details[0]).toBe(details[1]);
  return details[0] ?? '';
}

const NOT_CERTIFIED = 'The OCSP responder is neither the issuer of the certificate nor certified by it.';
const NOT_CLEARED = 'The certificate of the OCSP responder is revoked, or that is not known.';
const BAD_SIGNATURE = 'The signature of the OCSP response was not made with the key of its responder.';
const doesNotCount = (detail: string) => `The certificate of the OCSP responder does not count. ${detail}`;
const CIRCULAR = 'The certificate of the OCSP responder depends on the OCSP response itself.';

describe('13.2 the issuer as the responder', () => {
  it.each([
    ['by name', responderIds.byName(root)],
    ['by key', responderIds.byKey(root)],
  ])('13.2 named %s', (_, responderId) => {
    expect(outcome([signOcsp(root, { answers: good, responderId })])).toBe('good');
    expect(outcome([signOcsp(root, { answers: bad, responderId })])).toBe('revoked');
    expect(outcome([signOcsp(root, { answers: good, responderId, certificates: [root.der] })])).toBe('good');
  });

  it.each([
    ['the name of another', responderIds.byName(authority('Other'))],
    ['the key of another', responderIds.byKey(authority('Root'))],
  ])('13.2 with %s it does not count, whoever has signed it', (_, responderId) => {
    expect(refusal(root, {}, { responderId })).toBe(NOT_CERTIFIED);
  });

  it('13.2 HCSEC-2024-07: a response that the wrong issuer has signed does not count', () => {
    const other = authority('Other Root');
    // With the right CertID, as a responder of another authority can write it.
    expect(refusal(other)).toBe(NOT_CERTIFIED);
    // In the name of the right issuer.
    expect(refusal(other, {}, { responderId: responderIds.byName(root) })).toBe(BAD_SIGNATURE);
    // With a responder that the other issuer has certified.
    expect(refusal(ocspResponder(other))).toBe(NOT_CERTIFIED);
    // Also where the other issuer is trusted.
    const setup = { path: [leaf, root] as const, known: [other] };
    expect(refusal(other, setup)).toBe(NOT_CERTIFIED);
  });

  it('13.2 another issuer with the same name does not count', () => {
    const namesake = authority('Root');
    expect(refusal(namesake)).toBe(BAD_SIGNATURE);
    expect(refusal(ocspResponder(namesake))).toBe(NOT_CERTIFIED);
  });

  it('13.2 an issuer that is not known answers for nobody', () => {
    const certificates = [leaf, root].map(({ certificate }) => certificate);
    const set = prepareAnchors([authority('Other Root').certificate], []);
    const inputs = { crls: crlSet([]), ocsp: [signOcsp(root, { answers: good })], set, parameters: production };
    expect(new RevocationCheck({ ...inputs, mode: 'hard' }).statusOf(certificates)).toMatchObject({
      status: 'unknown',
      detail: NOT_CERTIFIED,
    });
  });

  it('13.2 the anchor does not answer for certificates of an intermediate', () => {
    const ca = authority('CA', { issuer: root });
    const below = endEntity(ca);
    const path = [below, ca, root] as const;
    const answers = [answerAbout(below, ca)];
    expect(outcome([by(root, { answers })], { path })).toBe(NOT_CERTIFIED);
    expect(outcome([by(ocspResponder(root), { answers })], { path })).toBe(NOT_CERTIFIED);
    expect(outcome([by(ca, { answers })], { path })).toBe('good');
    expect(outcome([by(ocspResponder(ca), { answers })], { path })).toBe('good');
  });
});

describe('13.2 a responder that the issuer has certified', () => {
  const responder = ocspResponder(root);

  it.each([
    ['by name', responderIds.byName(responder)],
    ['by key', responderIds.byKey(responder)],
  ])('13.2 named %s', (_, responderId) => {
    expect(outcome([by(responder, { responderId })])).toBe('good');
    expect(outcome([by(responder, { responderId, answers: bad })])).toBe('revoked');
  });

  it('13.2 among other certificates, also several of the same name', () => {
    const namesake = ocspResponder(root);
    const certificates = [root, leaf, namesake, responder].map(({ der }) => der);
    expect(outcome([by(responder, { certificates })])).toBe('good');
  });

  it('13.2 without its certificate in the response nothing is proven', () => {
    expect(refusal(responder, {}, { certificates: [] })).toBe(NOT_CERTIFIED);
    expect(refusal(responder, {}, { certificates: [ocspResponder(root).der] })).toBe(BAD_SIGNATURE);
    expect(refusal(responder, {}, { responderId: responderIds.byName(root) })).toBe(BAD_SIGNATURE);
  });

  it('13.2 the key that has signed is that of the certificate', () => {
    expect(refusal(responder, {}, { signedBy: ecKeys() })).toBe(BAD_SIGNATURE);
    expect(refusal(responder, {}, { corruptSignature: true })).toBe(BAD_SIGNATURE);
  });

  const usage = extensions.keyUsage('digitalSignature');
  const purpose = extensions.extendedKeyUsage(OCSP_SIGNING);
  const noCheck = extensions.ocspNoCheck();
  const NO_PURPOSE = doesNotCount('Its extended key usage does not include the purpose that is asked for.');
  const UNNAMED_PURPOSE = 'The certificate of the OCSP responder does not name the purpose OCSPSigning.';

  const unusableKey = sequence(
    sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier('1.2.840.10045.3.1.7')),
    hex('03020004'),
  );

  const cases: readonly (readonly [string, AuthorityRequest, string])[] = [
    ['has a key that cannot be imported', { publicKey: unusableKey }, BAD_SIGNATURE],
    ['is signed with another key', { signedBy: ecKeys() }, NOT_CERTIFIED],
    ['names another issuer', { issuerName: 'Other' }, NOT_CERTIFIED],
    ['has a damaged signature', { corruptSignature: true }, NOT_CERTIFIED],
    ['has no extended key usage', { extensions: [usage, noCheck] }, UNNAMED_PURPOSE],
    ['has another purpose', { extensions: [usage, noCheck, extensions.extendedKeyUsage(CLIENT_AUTH)] }, NO_PURPOSE],
    ['has any purpose', { extensions: [usage, noCheck, extensions.extendedKeyUsage('2.5.29.37.0')] }, UNNAMED_PURPOSE],
    [
      'may not sign',
      { extensions: [extensions.keyUsage('keyEncipherment'), purpose, noCheck] },
      doesNotCount('Its key usage does not include digitalSignature.'),
    ],
    ['has expired', { notBefore: '250101000000Z', notAfter: '260531235959Z' }, doesNotCount('Its validity has ended.')],
    ['is not valid yet', { notBefore: '260601000001Z' }, doesNotCount('Its validity has not begun.')],
    [
      'has an unknown critical extension',
      { extensions: [usage, purpose, noCheck, extensions.unknown(true)] },
      doesNotCount('It has a critical extension that path validation does not process.'),
    ],
    [
      'has an extension twice',
      { extensions: [usage, purpose, noCheck, noCheck] },
      doesNotCount('An extension occurs more than once.'),
    ],
    [
      'is signed with SHA-1',
      { algorithm: sequence(objectIdentifier('1.2.840.10045.4.1')), digest: 'sha1' },
      doesNotCount('Its signature uses SHA-1.'),
    ],
    ['has a weak key', { keys: ecKeys('P-192') }, doesNotCount('The curve of its key is not known, or is too weak.')],
    [
      'has a critical nocheck',
      { extensions: [usage, purpose, extensions.ocspNoCheck(hex('0500'), true)] },
      doesNotCount('It has a critical extension that path validation does not process.'),
    ],
    ['has no nocheck, and no CRL clears it', { extensions: [usage, purpose] }, NOT_CLEARED],
    [
      'has a nocheck with a value',
      { extensions: [usage, purpose, extensions.ocspNoCheck(hex('0101ff'))] },
      NOT_CLEARED,
    ],
    [
      'has a nocheck with content',
      { extensions: [usage, purpose, extensions.ocspNoCheck(hex('050100'))] },
      NOT_CLEARED,
    ],
  ];

  it.each(cases)('13.2 one whose certificate %s does not count', (_, request, detail) => {
    expect(refusal(ocspResponder(root, request))).toBe(detail);
  });

  it('13.2 without key usage it counts, and any other purpose besides does no harm', () => {
    const purposes = extensions.extendedKeyUsage(CLIENT_AUTH, OCSP_SIGNING);
    expect(outcome([by(ocspResponder(root, { extensions: [purposes, noCheck] }))])).toBe('good');
  });

  it('13.2 one that the issuer’s responder has certified does not count', () => {
    const second = ocspResponder(responder, { subject: 'Second Responder' });
    expect(refusal(second, {}, { certificates: [second.der, responder.der] })).toBe(NOT_CERTIFIED);
  });

  it('13.2 the cause is that of the responder that came closest', () => {
    const stranger = ocspResponder(authority('Other'));
    const certificates = [responder.der, stranger.der];
    expect(refusal(stranger, {}, { certificates })).toBe(BAD_SIGNATURE);
    expect(statusOf([by(stranger)])).toMatchObject({
      code: 'ocspSigner',
      section: 'RFC 6960 section 4.2.2.2',
    });
  });

  it('12.2 responders of one name count as steps', () => {
    const other = ocspResponder(root);
    const certificates = Array.from({ length: 16 }, () => other.der);
    const many = Array.from({ length: 10 }, () => by(responder, { certificates }));
    expect(statusOf(many)).toMatchObject({ status: 'unknown', code: 'budget' });
    expect(statusOf(many.slice(0, 5))).toMatchObject({ status: 'unknown', code: 'ocspSignature' });
  });
});

describe('13.2 a responder without nocheck', () => {
  const own = [extensions.keyUsage('digitalSignature'), extensions.extendedKeyUsage(OCSP_SIGNING)];
  const responder = ocspResponder(root, { extensions: own });

  it('13.2 counts if a CRL clears it', () => {
    const crls = [signCrl(root, { extensions: [crlExtensions.issuingPoint({ flags: [1] })] })];
    expect(outcome([by(responder, { answers: bad })], { crls })).toBe('revoked');
    const stale = [signCrl(root, { nextUpdate: '260531000000Z' })];
    expect(refusal(responder, { crls: stale })).toBe(NOT_CLEARED);
  });

  it('13.2 does not count if a CRL has its certificate', () => {
    const crls = [signCrl(root, { entries: [revoked(responder)] })];
    // The CRL itself says that the certificate is good.
    expect(outcome([by(responder, { answers: bad })], { crls })).toBe('good');
    const some = crlExtensions.issuingPoint({ reasons: [1] });
    const partly = [signCrl(root, { entries: [revoked(responder)], extensions: [some] })];
    expect(outcome([by(responder)], { crls: partly })).toBe('The CRLs do not cover all reasons for a revocation.');
  });

  it('13.2 does not count if a CRL has its certificate, also with nocheck', () => {
    const withNoCheck = ocspResponder(root);
    const crls = [signCrl(root, { entries: [revoked(withNoCheck)] })];
    expect(outcome([by(withNoCheck, { answers: bad })], { crls })).toBe('good');
    expect(outcome([by(withNoCheck, { answers: bad })], { crls: [signCrl(root)] })).toBe('revoked');
  });

  it('12.2 a check that runs out of steps clears nobody, also with nocheck', () => {
    const crls = Array.from({ length: 200 }, () => signCrl(root, { signedBy: ecKeys() }));
    expect(statusOf([by(ocspResponder(root), { answers: bad })], { crls })).toMatchObject({ code: 'budget' });
  });

  it('13.2 another response does not clear it: that is a question for CRLs', () => {
    const clearing = signOcsp(root, { answers: [answerAbout(responder, root)] });
    expect(outcome([by(responder), clearing])).toBe(NOT_CLEARED);
  });

  it('13.2 does not answer for its own certificate, also with nocheck', () => {
    for (const one of [responder, ocspResponder(root)]) {
      const answers = [answerAbout(one, root)];
      const setup = { path: [one, root] as const };
      expect(outcome([by(one, { answers })], setup)).toBe(CIRCULAR);
      expect(outcome([signOcsp(root, { answers })], setup)).toBe('good');
    }
  });

  it('13.2 is not cleared by the CRL of the certificate that is asked about', () => {
    const crlIssuer = endEntity(root, { subject: 'CRL Issuer', extensions: [extensions.keyUsage('cRLSign')] });
    const named = distributionPoints({ issuer: crlIssuer });
    const dependent = ocspResponder(root, { extensions: [...own, named] });
    const crls = [signCrl(crlIssuer, { extensions: [crlExtensions.issuingPoint({ flags: [4] })] })];
    const answers = [answerAbout(crlIssuer, root)];
    const setup = { crls, path: [crlIssuer, root] as const, known: [crlIssuer] };
    expect(outcome([by(dependent, { answers })], setup)).toBe(NOT_CLEARED);
  });

  it('13.2 with nocheck, does not clear the issuer of a CRL that has its certificate', () => {
    const crlIssuer = endEntity(root, { subject: 'CRL Issuer', extensions: [extensions.keyUsage('cRLSign')] });
    const named = distributionPoints({ issuer: crlIssuer });
    const looped = ocspResponder(root, { extensions: [...own, extensions.ocspNoCheck(), named] });
    const indirect = [crlExtensions.issuingPoint({ flags: [4] })];
    const entries = [revoked(looped, crlExtensions.certificateIssuer(root))];
    const crls = [signCrl(crlIssuer, { extensions: indirect, entries })];
    const responses = [by(looped), by(looped, { answers: [answerAbout(crlIssuer, root)] })];
    expect(outcome(responses, { crls, known: [crlIssuer] })).toBe('good');
    // Once somebody else has cleared that issuer, the CRL counts.
    const another = signOcsp(root, { answers: [answerAbout(crlIssuer, root)] });
    expect(outcome([...responses, another], { crls, known: [crlIssuer] })).toBe(NOT_CLEARED);
  });

  it('12.2 does not count if the steps do not suffice for the CRLs, also with nocheck', () => {
    const stale = signCrl(root, { nextUpdate: '260531000000Z' });
    const crls = Array.from({ length: 1100 }, () => stale);
    expect(statusOf([by(ocspResponder(root), { answers: bad })], { crls })).toMatchObject({ code: 'budget' });
  });

  it('13.2 a loop of responders and CRL issuers ends, and proves nothing', () => {
    const crlIssuer = endEntity(root, { subject: 'CRL Issuer', extensions: [extensions.keyUsage('cRLSign')] });
    const named = distributionPoints({ issuer: crlIssuer });
    const looped = ocspResponder(root, { extensions: [...own, named] });
    // The CRL clears the responder, whose answer clears the issuer of the CRL.
    const crls = [signCrl(crlIssuer, { extensions: [crlExtensions.issuingPoint({ flags: [4] })] })];
    const responses = [by(looped), by(looped, { answers: [answerAbout(crlIssuer, root)] })];
    expect(outcome(responses, { crls, known: [crlIssuer] })).toBe(NOT_CLEARED);
    // Somebody else's answer ends the loop.
    const other = ocspResponder(root, { subject: 'Other Responder' });
    const another = by(other, { answers: [answerAbout(crlIssuer, root)] });
    expect(outcome([...responses, another], { crls, known: [crlIssuer] })).toBe('good');
  });
});
