import { describe, expect, it } from 'vitest';

import { authority, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import {
  crlExtensions,
  distributionPoints,
  revoked,
  signCrl,
  type SignedCrl,
  uri,
} from '../../../test/support/signed-crl.js';
import { answerAbout, ocspStatus, signOcsp } from '../../../test/support/signed-ocsp.js';
import { prepareAnchors } from '../../x509/path/prepared-anchors.js';
import { crlSet } from '../../x509/revocation/crl-set.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { evaluatePath } from './evaluate-path.js';

const TIME = new Date('2026-06-01T12:00:00Z');
const ROOT = authority('Root');
const ISSUING = authority('Issuing', { issuer: ROOT });
const LEAF = endEntity(ISSUING);
const HOLD = crlExtensions.reason(6);

const [FIRST, SECOND] = ['260601100000Z', '260601110000Z'];

const crlOf = (request: SignedCrl): Crl => signCrl(ISSUING, request);

const someReasons = (thisUpdate: string, reasons: readonly number[]): Crl =>
  crlOf({ thisUpdate, extensions: [crlExtensions.issuingPoint({ reasons })] });

interface Known {
  readonly intermediates?: readonly Issued[];
  readonly ocsp?: readonly OcspResponse[];
}

function evaluate(leaf: Issued, crls: readonly Crl[], { intermediates = [ISSUING], ocsp = [] }: Known = {}) {
  const inputs = {
    set: prepareAnchors(
      [ROOT.certificate],
      intermediates.map(({ certificate }) => certificate),
    ),
    crls: crlSet(crls),
    ocsp,
    digestOf: () => 'digest',
    time: TIME,
  };
  return evaluatePath(leaf.certificate, inputs, undefined);
}

describe('13.4 the path of a stored certificate', () => {
  it('without evidence, it is accepted, and says where its certificates can be asked about', () => {
    const named = endEntity(ISSUING, { and: [distributionPoints({ name: uri('http://crl.example.com/1.crl') })] });
    expect(evaluate(named, [])).toEqual({
      path: {
        kind: 'accepted',
        certificates: [named, ISSUING].map(({ certificate }) => ({
          sha256: certificate.sha256.toString('hex'),
          status: 'unknown',
        })),
      },
      named: [
        {
          certificate: named.certificate.sha256.toString('hex'),
          issuer: ISSUING.certificate.sha256.toString('hex'),
          sources: [{ kind: 'crl', url: 'http://crl.example.com/1.crl' }],
          isOpen: true,
        },
      ],
    });
  });

  it('another issuer proves nothing, and is asked nothing', () => {
    expect(evaluate(endEntity(authority('Issuing')), [])).toEqual({ path: { kind: 'unproven' }, named: [] });
  });

  it.each([
    ['a complete CRL', [crlOf({ thisUpdate: FIRST })], FIRST],
    [
      'a delta CRL, which renews the complete one',
      [
        crlOf({ thisUpdate: FIRST, entries: [revoked(LEAF, HOLD)] }),
        crlOf({
          thisUpdate: SECOND,
          number: 2,
          entries: [revoked(LEAF, crlExtensions.reason(8))],
          extensions: [crlExtensions.delta(1)],
        }),
      ],
      SECOND,
    ],
    [
      'the newer one of two complete CRLs',
      [crlOf({ thisUpdate: FIRST }), crlOf({ thisUpdate: SECOND, number: 2 })],
      SECOND,
    ],
    [
      'the older one of two CRLs for different reasons',
      [someReasons(FIRST, [1, 2, 3, 4]), someReasons(SECOND, [5, 6, 7, 8])],
      FIRST,
    ],
  ])('good is as new as %s', (_, crls, thisUpdate) => {
    const { path } = evaluate(LEAF, crls);
    expect(path).toMatchObject({
      kind: 'accepted',
      certificates: [
        { status: 'good', evidence: { kind: 'CRL', sha256: 'digest', thisUpdate: timeOf(thisUpdate) } },
        {},
      ],
    });
  });

  it('revoked is as new as the newest CRL that says so', () => {
    const delta = { thisUpdate: SECOND, number: 2, extensions: [crlExtensions.delta(1)] };
    const crls = [crlOf({ thisUpdate: FIRST }), crlOf({ ...delta, entries: [revoked(LEAF, HOLD)] })];
    expect(evaluate(LEAF, crls).path).toMatchObject({
      kind: 'revoked',
      certificates: [{ status: 'revoked', reason: 'certificateHold', evidence: { thisUpdate: timeOf(SECOND) } }, {}],
    });
  });

  it.each([
    ['good', ocspStatus.good, 'accepted'],
    ['revoked', ocspStatus.revoked(6), 'revoked'],
  ] as const)('%s by OCSP is as new as the answer', (status, encoded, kind) => {
    const answer = answerAbout(LEAF, ISSUING, { status: encoded, thisUpdate: `20${FIRST}` });
    const ocsp = [signOcsp(ISSUING, { answers: [answer], producedAt: `20${SECOND}` })];
    expect(evaluate(LEAF, [], { ocsp }).path).toMatchObject({
      kind,
      certificates: [{ status, evidence: { kind: 'OCSP response', thisUpdate: timeOf(FIRST) } }, { status: 'unknown' }],
    });
  });

  it('13.1 a path without the revoked CA is another path', () => {
    const cross = authority('Issuing', { issuer: ROOT, keys: ISSUING.keys });
    const crl = signCrl(ROOT, { entries: [revoked(ISSUING)] });
    expect(evaluate(LEAF, [crl]).path.kind).toBe('revoked');
    expect(evaluate(LEAF, [crl], { intermediates: [ISSUING, cross] }).path.kind).toBe('accepted');
    const both = signCrl(ROOT, { entries: [revoked(ISSUING), revoked(cross)] });
    expect(evaluate(LEAF, [both], { intermediates: [ISSUING, cross] }).path.kind).toBe('revoked');
  });
});

function timeOf(utc: string): Date {
  return new Date(utc.replace(/^(..)(..)(..)(..)(..)(..)Z$/, '20$1-$2-$3T$4:$5:$6Z'));
}
