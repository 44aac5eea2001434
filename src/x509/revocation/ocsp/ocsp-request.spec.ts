import { describe, expect, it } from 'vitest';

import { hex } from '../../../../test/support/der.js';
import { authority, endEntity } from '../../../../test/support/signed-certificate.js';
import { answerAbout, certIdDer, signOcsp } from '../../../../test/support/signed-ocsp.js';
import { certIdOf, ocspRequest } from './ocsp-request.js';
import { ocspValidity } from './ocsp-validity.js';

const root = authority('Root');
const leaf = endEntity(root, { serialNumber: hex('00ff') });
const date = (text: string) => new Date(`2026-${text}:00Z`);
const certId = certIdOf(leaf.certificate, root.certificate);

describe('13.2 asking a responder', () => {
  it('13.2 a request has one CertID with SHA-1, and no nonce', () => {
    const [nameHash, keyHash] = [certId.issuerNameHash, certId.issuerKeyHash].map((hash) => hash.toString('hex'));
    const expected = `3043 3041 303f 303d 303b 3009 06052b0e03021a 0500 0414${nameHash} 0414${keyHash} 020200ff`;
    expect(ocspRequest(certId).toString('hex')).toBe(expected.replaceAll(' ', ''));
  });

  it('13.2 the CertID is that of the response', () => {
    const [single] = signOcsp(root, { answers: [answerAbout(leaf, root)] }).responses;
    expect(certId).toEqual(single?.certId);
    expect(ocspRequest(certId).includes(certIdDer(leaf, root))).toBe(true);
  });
});

describe('13.3 how long a response counts', () => {
  it('13.3 from thisUpdate to nextUpdate', () => {
    const response = signOcsp(root, { answers: [answerAbout(leaf, root)] });
    expect(ocspValidity(response, certId)).toEqual({
      thisUpdate: date('05-01T00:00'),
      nextUpdate: date('07-01T00:00'),
    });
  });

  it('13.3 without nextUpdate, five minutes', () => {
    const response = signOcsp(root, { answers: [answerAbout(leaf, root, { nextUpdate: undefined })] });
    expect(ocspValidity(response, certId)?.nextUpdate).toEqual(date('05-01T00:05'));
  });

  it('13.3 of several answers, the one that ends first', () => {
    const ends = ['20260703000000Z', '20260702000000Z', '20260704000000Z'];
    const answers = ends.map((nextUpdate) => answerAbout(leaf, root, { nextUpdate }));
    expect(ocspValidity(signOcsp(root, { answers }), certId)?.nextUpdate).toEqual(date('07-02T00:00'));
  });

  it('13.3 only for the same CertID, whose digests may be others', () => {
    const digest = '2.16.840.1.101.3.4.2.1';
    const others = [
      answerAbout(endEntity(root), root),
      answerAbout(endEntity(root), root, { digest }),
      answerAbout(leaf, authority('Root')),
      answerAbout(leaf, authority('Other', { keys: root.keys })),
    ];
    expect(ocspValidity(signOcsp(root, { answers: [answerAbout(leaf, root, { digest })] }), certId)).toBeDefined();
    expect(ocspValidity(signOcsp(root, { answers: others }), certId)).toBeUndefined();
    const answers = [...others, answerAbout(leaf, root)];
    expect(ocspValidity(signOcsp(root, { answers }), certId)).toBeDefined();
  });
});
