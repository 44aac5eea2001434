import { describe, expect, it } from 'vitest';

import { outcome, reasons, search } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, extensions, SERVER_AUTH } from '../../../test/support/signed-certificate.js';

const root = authority('Root');
const intermediate = authority('Intermediate', { issuer: root });
const leaf = endEntity(intermediate);

describe('12.4 a refusal names the best attempt', () => {
  it('12.4 where no certificate has the name of the issuer', () => {
    const result = search(leaf, { anchors: [root] });
    expect(result).toMatchObject({
      proven: false,
      reason: 'issuerNotFound',
      section: 'RFC 5280 section 6.1.3 (a)(4)',
      attempt: { certificates: [leaf.certificate], rejections: [{ certificate: leaf.certificate }] },
    });
  });

  it('12.4 the longest way, although another certificate with the name has another key', () => {
    const namesake = authority('Intermediate', { issuer: root });
    const stranger = authority('Stranger');
    const deep = authority('Deep', { issuer: authority('Lost', { issuer: stranger }) });
    const result = search(endEntity(deep), { anchors: [namesake], intermediates: [deep] });
    expect(result).toMatchObject({ reason: 'issuerNotFound', attempt: { certificates: { length: 2 } } });
  });

  it('12.4 an anchor that was rejected, before a longer way that leads nowhere', () => {
    const keys = ecKeys();
    const expired = authority('Top', { keys, notAfter: '250101000000Z' });
    const top = authority('Top', { keys, issuer: authority('Lost') });
    const result = search(endEntity(expired), { anchors: [expired], intermediates: [top] });
    expect(outcome(result)).toBe('expired');
    expect(reasons(result)).toEqual([
      [top.certificate, 'issuerNotFound'],
      [expired.certificate, 'expired'],
    ]);
  });

  it('12.4 a complete path that the policies refuse, before all others', () => {
    const strict = authority('Root', { keys: root.keys, and: [] });
    const result = search(leaf, {
      anchors: [strict],
      intermediates: [intermediate],
      parameters: { initialExplicitPolicy: true },
    });
    expect(result).toMatchObject({
      reason: 'policy',
      attempt: { certificates: [leaf.certificate, intermediate.certificate, strict.certificate] },
    });
  });

  it('12.4 a certificate that is rejected in many paths for one reason is listed once', () => {
    const expired = authority('Root', { keys: root.keys, notAfter: '250101000000Z' });
    const twins = [intermediate, authority('Intermediate', { issuer: root, keys: intermediate.keys })];
    const result = search(leaf, { anchors: [expired], intermediates: twins });
    expect(reasons(result)).toEqual([[expired.certificate, 'expired']]);
  });

  it('12.4 a leaf that fails by itself costs no search', () => {
    const server = endEntity(intermediate, { extensions: [extensions.extendedKeyUsage(SERVER_AUTH)] });
    const result = search(server, { anchors: [root], intermediates: [intermediate] });
    expect(outcome(result)).toBe('extendedKeyUsage');
    expect(result.cost).toMatchObject({ candidates: 0, signatureChecks: 0 });
  });
});
