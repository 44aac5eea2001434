import { expect, test } from 'vitest';

import { sequence } from '../../../test/support/der.js';
import { authority, type Issued } from '../../../test/support/signed-certificate.js';
import { prepareAnchors } from './prepared-anchors.js';

const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const namesake = authority('ROOT ', { issuer: issuing });

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

/** The certificates of each name, with A for an anchor and I for an intermediate. */
function issuersOf(anchors: readonly Issued[], intermediates: readonly Issued[]) {
  const { issuers } = prepareAnchors(certificates(anchors), certificates(intermediates));
  return [...issuers.values()].map((list) =>
    list.map(({ certificate, isAnchor }) => [certificate, isAnchor ? 'A' : 'I']),
  );
}

test('12.1 issuers are grouped by their comparable names, anchors first', () => {
  expect(issuersOf([root, issuing], [namesake])).toEqual([
    [
      [root.certificate, 'A'],
      [namesake.certificate, 'I'],
    ],
    [[issuing.certificate, 'A']],
  ]);
});

test('12.1 a certificate that is listed twice counts once, as an anchor if it is one', () => {
  expect(issuersOf([root, root], [root, issuing, issuing])).toEqual([
    [[root.certificate, 'A']],
    [[issuing.certificate, 'I']],
  ]);
});

test('12.1 nothing can point to a certificate without a name', () => {
  expect(issuersOf([authority(sequence(), {})], [])).toEqual([]);
});
