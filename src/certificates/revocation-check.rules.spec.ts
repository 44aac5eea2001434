import { describe, expect, it } from 'vitest';

import { production } from '../../test/support/path-search.js';
import { authority, endEntity, extensions, type Issued } from '../../test/support/signed-certificate.js';
import { crlExtensions, revoked, signCrl } from '../../test/support/signed-crl.js';
import { answerAbout, ocspStatus, signOcsp } from '../../test/support/signed-ocsp.js';
import type { RevocationEvidence } from '../trust/revocation/wanted-evidence.model.js';
import { findPath } from '../x509/path/find-path.js';
import { prepareAnchors } from '../x509/path/prepared-anchors.js';
import { evaluateRevocation } from './revocation-check.rules.js';
import { findAcceptedPath, findOtherPath, type RevocationSearch, statusesOf } from './revocation-paths.rules.js';

const OCSP = 'http://ocsp.acme.example';
const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const leaf = endEntity(issuing, { and: [extensions.access([1, OCSP])] });

type Evidence = Partial<Pick<RevocationEvidence, 'crls' | 'ocsp' | 'failed'>>;

interface Setup {
  readonly subject?: Issued;
  readonly intermediates?: readonly Issued[];
}

function searchOf(mode: 'soft' | 'hard', { crls = [], ocsp = [] }: Evidence, setup: Setup = {}): RevocationSearch {
  const { subject = leaf, intermediates = [issuing] } = setup;
  const set = prepareAnchors(
    [root.certificate],
    intermediates.map(({ certificate }) => certificate),
  );
  const { time } = production;
  return { leaf: subject.certificate, set, parameters: production, mode, evidence: { crls, ocsp }, time };
}

function outcomeOf(mode: 'soft' | 'hard', evidence: Evidence) {
  const search = searchOf(mode, evidence);
  const result = findPath(search.leaf, search.set, production);
  if (!result.proven) throw new Error('no path');
  const checked = statusesOf(search, result.path).map((one) => ({ ...one, failed: evidence.failed ?? [] }));
  const [outcome] = evaluateRevocation({ revocationCheck: mode }, { set: 'Set', result }, checked, 'sha256');
  return outcome;
}

const crlOfRoot = signCrl(root, { number: 5 });
const about = (answer: Parameters<typeof answerAbout>[2]) =>
  signOcsp(issuing, { answers: [answerAbout(leaf, issuing, answer)] });
const good: Evidence = { crls: [crlOfRoot], ocsp: [about({})] };
const UNKNOWN =
  'CN=Issuing may be revoked: There is no OCSP response about the certificate, and no CRL of an issuer that is responsible for it; RFC 5280 section 6.3.3';

describe('13.1 the rule revocationCheck', () => {
  it.each<readonly [string, Evidence, boolean, boolean, string]>([
    ['good', good, true, true, '2 certificates, none revoked'],
    [
      'revoked by OCSP',
      { ...good, ocsp: [about({ status: ocspStatus.revoked(1) })] },
      false,
      false,
      'CN=Jane Doe is revoked (keyCompromise)',
    ],
    [
      'on hold',
      { ...good, ocsp: [about({ status: ocspStatus.revoked(6) })] },
      false,
      false,
      'CN=Jane Doe is revoked (certificateHold)',
    ],
    [
      'a revoked CA, whatever its responder says',
      { ...good, crls: [signCrl(root, { entries: [revoked(issuing, crlExtensions.reason(2))] })] },
      false,
      false,
      'CN=Issuing is revoked (cACompromise)',
    ],
    ['an unknown CA', { ocsp: [about({})] }, true, false, UNKNOWN],
    [
      'revoked is said before unknown',
      { ocsp: [about({ status: ocspStatus.revoked() })] },
      false,
      false,
      'CN=Jane Doe is revoked (unspecified)',
    ],
  ])('13.1 %s', (_, evidence, soft, hard, found) => {
    expect(outcomeOf('soft', evidence)).toMatchObject({ passed: soft, found });
    expect(outcomeOf('hard', evidence)).toMatchObject({ rule: 'revocationCheck', passed: hard, found });
  });

  it('12.2 more evidence than the budget allows refuses in both modes', () => {
    const many = { crls: Array.from({ length: 400 }, () => signCrl(issuing, { corruptSignature: true })) };
    for (const mode of ['soft', 'hard'] as const) expect(outcomeOf(mode, many)).toMatchObject({ passed: false });
  });

  it('13.1 no outcome without a proven path or without the parameter, and nothing passes that was not asked', () => {
    const proven = findPath(leaf.certificate, searchOf('hard', {}).set, production);
    const unproven = findPath(leaf.certificate, prepareAnchors([], []), production);
    const hard = { revocationCheck: 'hard' } as const;
    expect(evaluateRevocation(hard, { set: 'Set', result: unproven }, undefined, undefined)).toEqual([]);
    expect(evaluateRevocation(hard, undefined, undefined, undefined)).toEqual([]);
    expect(evaluateRevocation({ revocationCheck: 'none' }, { set: 'Set', result: proven }, [], undefined)).toEqual([]);
    expect(() => evaluateRevocation(hard, { set: 'Set', result: proven }, undefined, undefined)).toThrow();
  });
});

describe('13.5 the evidence', () => {
  it('13.5 names the status, the source and its times for every certificate but the anchor', () => {
    expect(outcomeOf('hard', good)?.evidence).toEqual([
      expect.objectContaining({
        subjectDN: 'CN=Jane Doe',
        status: 'good',
        sources: [{ kind: 'ocsp', name: OCSP, thisUpdate: '2026-05-01T00:00:00Z', nextUpdate: '2026-07-01T00:00:00Z' }],
        failed: [],
      }),
      expect.objectContaining({
        subjectDN: 'CN=Issuing',
        status: 'good',
        sources: [
          {
            kind: 'crl',
            name: 'CN=Root, number 5',
            thisUpdate: '2026-05-01T00:00:00Z',
            nextUpdate: '2027-01-01T00:00:00Z',
          },
        ],
      }),
    ]);
  });

  it('13.5 has reason and date of a revocation, cause of what is unknown, and what has failed', () => {
    const failed = [{ source: { kind: 'ocsp', url: `${OCSP}/\u202e` }, detail: 'It has not answered.' }] as const;
    const evidence = { ocsp: [about({ status: ocspStatus.revoked(1) })], failed };
    expect(outcomeOf('hard', evidence)?.evidence).toMatchObject([
      { status: 'revoked', reason: 'keyCompromise', revocationDate: '2026-04-01T00:00:00Z', code: undefined },
      {
        status: 'unknown',
        code: 'missing',
        section: 'RFC 5280 section 6.3.3',
        sources: [],
        failed: [{ kind: 'ocsp', url: `${OCSP}/\\E2\\80\\AE`, detail: 'It has not answered.' }],
      },
    ]);
  });

  it('13.5 is bounded', () => {
    const failed = Array.from({ length: 100 }, () => ({ source: { kind: 'crl', url: OCSP }, detail: 'No.' }) as const);
    expect(outcomeOf('soft', { failed })?.evidence?.map((one) => one.failed.length)).toEqual([8, 8]);
  });
});

describe('13.1 another path', () => {
  // Two certificates of one CA and one key, so that two paths lead to the leaf.
  const other = authority('Issuing', { issuer: root, keys: issuing.keys });
  const setup = { intermediates: [issuing, other] };
  const refusing = (mode: 'soft' | 'hard', evidence: Evidence) => {
    const search = searchOf(mode, evidence, setup);
    const first = findPath(search.leaf, search.set, production);
    if (!first.proven) throw new Error('no path');
    return { search, first };
  };

  it('13.1 is found if a certificate of the first one is revoked', () => {
    const { first } = refusing('soft', {});
    const [, ca] = first.path;
    const revokedCa = [issuing, other].find(({ certificate }) => certificate === ca);
    if (revokedCa === undefined) throw new Error('no CA');
    const evidence = { crls: [signCrl(root, { entries: [revoked(revokedCa)] })], ocsp: [about({})] };
    const { search } = refusing('hard', evidence);
    const found = findOtherPath(search, first.path);
    expect(found?.path[1]).not.toBe(ca);
    expect(findAcceptedPath(search)?.path).toEqual(found?.path);
  });

  it('13.1 is none if it is revoked as well', () => {
    const entries = [revoked(issuing), revoked(other)];
    const { search, first } = refusing('soft', { crls: [signCrl(root, { entries })] });
    expect(findOtherPath(search, first.path)).toBeUndefined();
    expect(findAcceptedPath(search)).toBeUndefined();
  });

  it('13.1 may be one that nobody has been asked about, but is accepted under hard only if it is good', () => {
    const { search, first } = refusing('hard', {});
    expect(findOtherPath(search, first.path)).toBeDefined();
    expect(findAcceptedPath(search)).toBeUndefined();
  });
});
