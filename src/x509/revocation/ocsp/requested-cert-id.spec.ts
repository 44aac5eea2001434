import { expect, it } from 'vitest';

import { authority, endEntity } from '../../../../test/support/signed-certificate.js';
import { certIdOf, ocspRequest } from './ocsp-request.js';
import { requestedCertId } from './requested-cert-id.js';

const root = authority('Root');
const certId = certIdOf(endEntity(root).certificate, root.certificate);

it('13.2 the certificate of a request is the one that it was made for', () => {
  expect(requestedCertId(ocspRequest(certId))).toEqual(certId);
});

it('13.2 a request that ends too early asks about nothing', () => {
  const request = ocspRequest(certId);
  for (let length = 0; length < request.length; length += 1) {
    expect(requestedCertId(request.subarray(0, length))).toBeUndefined();
  }
});
