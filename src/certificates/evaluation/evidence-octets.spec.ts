import { hash } from 'node:crypto';

import { expect, it } from 'vitest';

import { authority } from '../../../test/support/signed-certificate.js';
import { crlDer } from '../../../test/support/signed-crl.js';
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
