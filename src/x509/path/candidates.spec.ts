import { describe, expect, it } from 'vitest';

import {
  authority,
  type AuthorityRequest,
  ecKeys,
  endEntity,
  extensions,
  keyIdentifier,
} from '../../../test/support/signed-certificate.js';
import { orderCandidates } from './candidates.js';
import { PreparedCertificate } from './prepared-certificate.js';

const time = new Date('2026-06-01T00:00:00Z');
const keys = ecKeys();
const leaf = endEntity(authority('Issuer', { keys }));
const subject = new PreparedCertificate(leaf.certificate, false);

function candidate(request: AuthorityRequest = {}, isAnchor = false): PreparedCertificate {
  return new PreparedCertificate(authority('Issuer', { keys, ...request }).certificate, isAnchor);
}

const matching = candidate();
const unknown = candidate({ extensions: [] });
const other = candidate({ extensions: [extensions.subjectKeyIdentifier(keyIdentifier(ecKeys()))] });
const newer = candidate({ notAfter: '450101000000Z' });
const anchor = candidate({}, true);
const expired = candidate({ notAfter: '260531235959Z' });
const future = candidate({ notBefore: '260601000001Z', notAfter: '450101000000Z' });
const expiring = candidate({ notAfter: '260601000000Z' });
const beginning = candidate({ notBefore: '260601000000Z' });

describe('12.2 the order in which issuers are tried', () => {
  it.each([
    ['the key identifier of the issuer', matching, unknown],
    ['no key identifier, before another one', unknown, other],
    ['the key identifier, even if the certificate has expired', expired, unknown],
    ['a valid certificate, before an expired one', matching, expired],
    ['a valid certificate, before a newer one that is not valid yet', matching, future],
    ['a certificate in its last second', expiring, expired],
    ['a certificate in its first second, before one that ends earlier', beginning, expiring],
    ['a certificate in its first second, before one that is not valid yet', beginning, future],
    ['a valid certificate, before an anchor that is not', matching, candidate({ notAfter: '250101000000Z' }, true)],
    ['an anchor, before a newer certificate', anchor, newer],
    ['the certificate that ends last', newer, matching],
  ])('12.2 %s', (_, first, second) => {
    expect(orderCandidates(subject, [second, first], time)).toEqual([first, second]);
    expect(orderCandidates(subject, [first, second], time)).toEqual([first, second]);
  });

  it('12.2 a leaf without the key identifier of its issuer prefers none', () => {
    const plain = new PreparedCertificate(
      endEntity(authority('Issuer', { keys }), { extensions: [] }).certificate,
      false,
    );
    expect(orderCandidates(plain, [other, newer], time)).toEqual([newer, other]);
  });
});
