import { describe, expect, it } from 'vitest';

import { outcome, reasons, search } from '../../../test/support/path-search.js';
import { authority, ecKeys, endEntity, extensions, SERVER_AUTH } from '../../../test/support/signed-certificate.js';
import { BestAttempt } from './best-attempt.js';
import type { PathReason } from './path-result.js';
import { PreparedCertificate } from './prepared-certificate.js';

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

describe('the best of several attempts', () => {
  const [bottom, middle] = [leaf, intermediate].map(
    ({ certificate }) => new PreparedCertificate(certificate, false),
  ) as [PreparedCertificate, PreparedCertificate];
  const anchor = new PreparedCertificate(root.certificate, true);

  type Attempt = readonly [path: readonly PreparedCertificate[], rejected: PreparedCertificate, reason: PathReason];
  const OTHER_KEY: Attempt = [[bottom, middle], middle, 'badSignature'];
  const ON_THE_WAY: Attempt = [[bottom], middle, 'notCa'];
  const LONGER: Attempt = [[bottom, middle], middle, 'issuerNotFound'];
  const ANCHOR_REJECTED: Attempt = [[bottom], anchor, 'expired'];
  const COMPLETE: Attempt = [[bottom, anchor], bottom, 'policy'];
  /** Only the reason distinguishes it from `ON_THE_WAY`. */
  const SAME_LENGTH: Attempt = [[bottom], middle, 'keyUsage'];
  const COMPLETE_OTHER_KEY: Attempt = [[bottom, anchor], bottom, 'badSignature'];

  function best(...attempts: readonly Attempt[]) {
    const all = new BestAttempt();
    for (const [path, rejected, reason] of attempts) all.reject(path, rejected, { reason, section: '', detail: '' });
    return { reason: all.problem?.reason, length: all.attempt.certificates.length };
  }
  const outcomeOf = ([path, , reason]: Attempt) => ({ reason, length: path.length });

  it.each([
    ['a way on which every signature is right, before a longer one with another key', ON_THE_WAY, OTHER_KEY],
    ['the longer of two ways', LONGER, ON_THE_WAY],
    ['a rejected anchor, before a longer way', ANCHOR_REJECTED, LONGER],
    ['a complete path, before a rejected anchor', COMPLETE, ANCHOR_REJECTED],
    ['a complete path, even if a signature is wrong', COMPLETE_OTHER_KEY, ANCHOR_REJECTED],
  ])('12.4 %s', (_, better, worse) => {
    expect(best(worse, better)).toEqual(outcomeOf(better));
    expect(best(better, worse)).toEqual(outcomeOf(better));
  });

  it('12.4 the first of two that came equally close', () => {
    expect(best(ON_THE_WAY, SAME_LENGTH)).toEqual(outcomeOf(ON_THE_WAY));
    expect(best(SAME_LENGTH, ON_THE_WAY)).toEqual(outcomeOf(SAME_LENGTH));
  });

  it('12.4 none, before anything was rejected', () => {
    expect(new BestAttempt().problem).toBeUndefined();
    expect(new BestAttempt().attempt).toEqual({ certificates: [], rejections: [] });
  });
});
