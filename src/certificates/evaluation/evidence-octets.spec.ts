import { hash } from 'node:crypto';

import { expect, it } from 'vitest';

import { hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { authority, endEntity } from '../../../test/support/signed-certificate.js';
import { crlDer } from '../../../test/support/signed-crl.js';
import { answerAbout, ocspDer, ocspResponder } from '../../../test/support/signed-ocsp.js';
import { Tag } from '../../x509/der/tag.js';
import { readOcspResponse } from '../../x509/revocation/ocsp/read-ocsp-response.js';
import { readCrl } from '../../x509/revocation/read-crl.js';
import { EvidenceOctets } from './evidence-octets.js';

it('a CRL becomes the octets that it was read from, with their digest', () => {
  const der = crlDer(authority('Root'));
  const { value } = readCrl(der);
  if (value === undefined) throw new Error('The CRL cannot be read.');
  const octets = new EvidenceOctets();
  expect(octets.derOf(value).equals(der)).toBe(true);
  expect(octets.keyOf(value)).toEqual({ kind: 'crl', sha256: hash('sha256', der, 'hex') });
  expect(octets.lengthOf(value)).toBeGreaterThanOrEqual(der.length);
});

it('so does a CRL that is unusable, so that it stays unusable', () => {
  const { value: signed } = readCrl(crlDer(authority('Root')));
  if (signed === undefined) throw new Error('The CRL cannot be read.');
  const otherAlgorithm = sequence(objectIdentifier('1.2.840.10045.4.3.3'));
  const notWhole = tlv(Tag.bitString, hex('01'), signed.structure.signatureValue.octets, hex('00'));
  const der = sequence(signed.structure.signedPart, otherAlgorithm, notWhole);
  const { value } = readCrl(der);
  if (value === undefined) throw new Error('The CRL cannot be read.');
  expect(new EvidenceOctets().derOf(value).toString('hex')).toBe(der.toString('hex'));
});

it.each([true, false])(
  'an OCSP response becomes the octets that it was read from; with certificates: %s',
  (withCertificates) => {
    const issuer = authority('Root');
    const responder = ocspResponder(issuer);
    const der = ocspDer(responder, {
      answers: [answerAbout(endEntity(issuer), issuer)],
      ...(withCertificates && { certificates: [responder.der] }),
    });
    const { value } = readOcspResponse(der);
    if (value === undefined) throw new Error('The OCSP response cannot be read.');
    const octets = new EvidenceOctets();
    expect(octets.derOf(value).equals(der)).toBe(true);
    expect(octets.keyOf(value)).toEqual({ kind: 'ocsp', sha256: hash('sha256', der, 'hex') });
  },
);
