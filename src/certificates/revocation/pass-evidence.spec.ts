import { expect, it } from 'vitest';

import { authority, endEntity, type Issued } from '../../../test/support/signed-certificate.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';
import { PassEvidence } from './pass-evidence.js';

const ISSUER = authority('Root');
const LEAVES = Array.from({ length: 40 }, () => endEntity(ISSUER));

const wanted = (kind: RevocationSource['kind'], url: string, { certificate }: Issued) => ({
  source: { kind, url },
  certificate,
  issuer: ISSUER.certificate,
});

it('13.3 a CRL is taken once for all certificates of its issuer, an OCSP response once for each', () => {
  const pass = new PassEvidence();
  const all = LEAVES.flatMap((leaf) => [wanted('crl', 'http://a/crl', leaf), wanted('ocsp', 'http://a/ocsp', leaf)]);
  expect(pass.take('crl', all)).toHaveLength(1);
  expect(pass.take('crl', all)).toEqual([]);
  expect([pass.take('ocsp', all), pass.take('ocsp', all), pass.take('ocsp', all)].map(({ length }) => length)).toEqual([
    32, 8, 0,
  ]);
});

it('13.3 few sources are taken at once, and not more than are allowed in one pass', () => {
  const pass = new PassEvidence();
  const [leaf = ISSUER] = LEAVES;
  const all = Array.from({ length: 200 }, (_, index) => wanted('crl', `http://a/${index}`, leaf));
  const taken: number[] = [];
  for (let batch = 0; batch < 15; batch += 1) taken.push(pass.take('crl', all).length);
  expect(taken).toEqual([...Array<number>(12).fill(8), 4, 0, 0]);
});
