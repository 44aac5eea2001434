import { describe, expect, it } from 'vitest';

import { production } from '../../../test/support/path-search.js';
import {
  authority,
  CLIENT_AUTH,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
} from '../../../test/support/signed-certificate.js';
import { crlExtensions, distributionPoints, revoked, signCrl } from '../../../test/support/signed-crl.js';
import type { DerCertificate } from '../certificate/der-certificate.js';
import { readCertificate } from '../certificate/read-certificate.js';
import { prepareAnchors } from '../path/prepared-anchors.js';
import { crlSet } from './crl-set.js';
import type { Crl } from './crl.js';
import { RevocationCheck } from './revocation-check.js';

const root = authority('Root');
const ca = authority('CA', { issuer: root });
const cRLSign = extensions.keyUsage('cRLSign');
const indirect = [crlExtensions.issuingPoint({ flags: [4] })];

interface Setup {
  readonly known?: readonly Issued[];
  readonly anchors?: readonly Issued[];
  readonly mode?: 'soft' | 'hard';
}

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

/** `good`, `revoked`, or why it is unknown. */
function outcome(path: readonly DerCertificate[], crls: readonly Crl[], setup: Setup = {}): string {
  const { known = [], anchors = [root], mode = 'hard' } = setup;
  const set = prepareAnchors(certificates(anchors), certificates(known));
  const check = new RevocationCheck({ crls: crlSet(crls), ocsp: [], mode, set, parameters: production });
  const status = check.statusOf(path);
  return status.status === 'unknown' ? status.detail : status.status;
}

const crlIssuer = (issuer: Issued, ...list: readonly Buffer[]) =>
  endEntity(issuer, { subject: 'CRL Issuer', extensions: list });
/** A certificate that names its CRL issuer. */
const below = (issuer: Issued, named: Issued) => endEntity(issuer, { and: [distributionPoints({ issuer: named })] });
const pathOf = (...path: readonly Issued[]) => certificates(path);

const NOT_FOUND = 'The issuer of the CRL is not proven.';
const NO_CRL_SIGN = 'The key usage of the CRL issuer does not include cRLSign.';
const OTHER_ANCHOR = 'The path of the CRL issuer leads to another anchor.';
const REFUSED = 'The certificate of the CRL issuer is revoked, or that is not known.';
const BAD_SIGNATURE = 'The signature of the CRL was not made with the key of its issuer.';

describe('13.2 a CRL issuer that the certificate names', () => {
  const proven = crlIssuer(root, cRLSign);
  const subject = below(root, proven);
  const crls = [signCrl(root), signCrl(proven, { extensions: indirect })];

  it.each([
    ['may sign CRLs', [cRLSign]],
    ['has any extended key usage', [cRLSign, extensions.extendedKeyUsage(CLIENT_AUTH)]],
    ['has no key usage', [extensions.extendedKeyUsage(CLIENT_AUTH)]],
  ])('13.2 counts if its certificate %s', (_, list) => {
    const issuer = crlIssuer(root, ...list);
    const own = signCrl(issuer, { extensions: indirect });
    const crl = signCrl(root, { entries: [revoked(subject)], number: 2 });
    expect(outcome(pathOf(subject, root), [signCrl(root), own], { known: [issuer] })).toBe('good');
    expect(outcome(pathOf(subject, root), [crl, own], { known: [issuer] })).toBe('revoked');
  });

  const onlyOwn = (issuer: Issued, setup: Setup = {}) => {
    // The CRL of the anchor is about CAs only: it says nothing about the CRL issuer.
    const scope = [crlExtensions.issuingPoint({ flags: [2] })];
    const about = below(ca, issuer);
    const path = pathOf(about, ca, root);
    return outcome(path, [signCrl(root, { extensions: scope }), signCrl(issuer, { extensions: indirect })], setup);
  };

  it.each([
    ['may not sign CRLs', crlIssuer(root, extensions.keyUsage('digitalSignature')), [root], NO_CRL_SIGN],
    ['is below another anchor', crlIssuer(authority('Other Root'), cRLSign), [root], NOT_FOUND],
    ['has an unknown status', proven, [root], REFUSED],
  ])('13.2 does not count if its certificate %s', (_, issuer, anchors, detail) => {
    expect(onlyOwn(issuer, { known: [ca, issuer], anchors })).toBe(detail);
  });

  it('13.2 does not count below another anchor that is trusted', () => {
    const other = authority('Other Root');
    const issuer = crlIssuer(other, cRLSign);
    expect(onlyOwn(issuer, { known: [ca, issuer], anchors: [root, other] })).toBe(OTHER_ANCHOR);
    // Also in soft mode, where nothing needs to be known about it.
    expect(onlyOwn(issuer, { known: [ca, issuer], anchors: [root, other], mode: 'soft' })).toBe(OTHER_ANCHOR);
  });

  it('13.2 counts wherever it is below the same anchor', () => {
    const above = crlIssuer(root, cRLSign);
    const deeper = crlIssuer(ca, cRLSign);
    const all = (issuer: Issued) => [signCrl(root), signCrl(ca), signCrl(issuer, { extensions: indirect })];
    const lower = endEntity(ca, { extensions: [distributionPoints({ issuer: above })] });
    const entries = [revoked(lower, crlExtensions.certificateIssuer(ca))];
    const revoking = [signCrl(root), signCrl(above, { extensions: indirect, entries })];
    expect(outcome(pathOf(lower, ca, root), revoking, { known: [ca, above] })).toBe('revoked');
    const upper = below(root, deeper);
    const upperEntries = [revoked(upper, crlExtensions.certificateIssuer(root))];
    const crl = signCrl(deeper, { extensions: indirect, entries: upperEntries });
    expect(outcome(pathOf(upper, root), [...all(deeper), crl], { known: [ca, deeper] })).toBe('revoked');
  });

  it('13.2 with another key than the one that has signed it does not count', () => {
    const forged = signCrl(proven, { extensions: indirect, signedBy: ecKeys() });
    const scope = [crlExtensions.issuingPoint({ flags: [2] })];
    const setup = { known: [proven] };
    expect(outcome(pathOf(subject, root), [signCrl(root, { extensions: scope }), forged], setup)).toBe(BAD_SIGNATURE);
  });

  it('12.2 of issuers with the same name, 32 are tried, those of the path first', () => {
    const namesakes = Array.from({ length: 32 }, () => crlIssuer(root, cRLSign));
    const about = below(root, proven);
    const entries = [revoked(about, crlExtensions.certificateIssuer(root))];
    const revoking = [...crls, signCrl(proven, { extensions: indirect, entries })];
    const path = pathOf(about, root);
    expect(outcome(path, revoking, { known: [...namesakes.slice(1), proven] })).toBe('revoked');
    expect(outcome(path, revoking, { known: [...namesakes, proven] })).toBe('good');
    const authorities = Array.from({ length: 32 }, () => authority('CA', { issuer: root }));
    const lower = endEntity(ca);
    expect(outcome(pathOf(lower, ca, root), [signCrl(ca)], { known: [...authorities, ca] })).toBe('good');
  });
});

describe('13.2 a CRL issuer that asks about itself', () => {
  it('13.2 answers for itself if its certificate names it as the CRL issuer', () => {
    const keys = ecKeys();
    const named = distributionPoints({ issuer: crlIssuer(root) });
    const issuer = endEntity(root, { subject: 'CRL Issuer', keys, extensions: [cRLSign, named] });
    const entries = [revoked(issuer, crlExtensions.certificateIssuer(root))];
    const setup = { known: [issuer] };
    const path = pathOf(issuer, root);
    expect(outcome(path, [signCrl(issuer, { extensions: indirect })], setup)).toBe('good');
    expect(outcome(path, [signCrl(issuer, { extensions: indirect, entries })], setup)).toBe('revoked');
  });

  it('13.2 does not answer for itself otherwise, also if its certificate was read twice, in soft mode', () => {
    const successor = authority('CA', { issuer: ca });
    const read = readCertificate(successor.der);
    if (!read.ok) throw new Error(read.message);
    const crls = [signCrl(root), signCrl(successor)];
    for (const one of [successor.certificate, read.certificate as DerCertificate]) {
      const setup = { known: [ca, successor], mode: 'soft' } as const;
      expect(outcome([one, ca.certificate, root.certificate], crls, setup)).toBe(BAD_SIGNATURE);
    }
  });

  it('13.2 two CRL issuers that only clear each other prove nothing', () => {
    const make = (subject: string, other: string) =>
      endEntity(root, { subject, extensions: [cRLSign, distributionPoints({ issuer: authority(other) })] });
    const [one, two] = [make('One', 'Two'), make('Two', 'One')];
    const crls = [one, two].map((issuer) => signCrl(issuer, { extensions: indirect }));
    expect(outcome(pathOf(below(root, one), root), crls, { known: [one, two] })).toBe(REFUSED);
  });
});
