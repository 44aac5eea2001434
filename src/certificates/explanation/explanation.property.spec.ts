import fc from 'fast-check';
import { expect, test } from 'vitest';

import { credentialOf, NOW, ownerOf, policyOf } from '../../../test/support/rule-fixtures.js';
import { authority, ecKeys, endEntity, extensions } from '../../../test/support/signed-certificate.js';
import type { CredentialOwner } from '../../credentials/state-refusals.rules.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { TrustSet } from '../../trust/trust-set.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { prepareAnchors } from '../../x509/path/prepared-anchors.js';
import type { RevocationStatus } from '../../x509/revocation/revocation-status.js';
import { EXHAUSTED, MISSING } from '../../x509/revocation/unknown-cause.js';
import { decideCreate } from '../certificate-creation.rules.js';
import { decideUpdate } from '../certificate-update.rules.js';
import type { TrustEvaluation } from '../policy-evaluation.rules.js';
import type { RuleOutcome } from '../rule-outcome.js';
import { searchPath } from '../trust-anchors.rules.js';
import { explainUpload } from './explanation.rules.js';

// Policies, sets, certificates with up to two flaws, users and states: what explain says is what upload and PATCH do.

const OLD = { notBefore: '200101000000Z', notAfter: '210101000000Z' };
const root = authority('Root');
const issuing = authority('Issuing', { issuer: root });
const expired = authority('Issuing', { issuer: root, keys: issuing.keys, ...OLD });
const constrained = authority('Constrained', { issuer: root, and: [extensions.nameConstraints(['a.test'])] });
const impostor = authority('Issuing');

const FLAWS = {
  expired: OLD,
  unknownCritical: { and: [extensions.unknown(true)] },
  serverOnly: { and: [extensions.extendedKeyUsage('1.3.6.1.5.5.7.3.1')] },
  excludedName: { and: [extensions.dnsNames('b.test')] },
  weakKey: { keys: ecKeys('secp224r1') },
  damaged: { corruptSignature: true },
  none: {},
};

const names = Object.keys(FLAWS) as (keyof typeof FLAWS)[];
const issuers = [root, issuing, constrained, impostor];

/** Made once: signing costs more than deciding. */
const leaves = issuers.flatMap((issuer) =>
  names.flatMap((one) =>
    names
      .filter((other) => other >= one)
      .map((other) => {
        const [first, second] = [FLAWS[one], FLAWS[other]] as Parameters<typeof endEntity>[1][];
        return endEntity(issuer, { ...first, ...second }).certificate;
      }),
  ),
);

const set = (name: string, anchors: readonly (typeof root)[], intermediates: readonly (typeof root)[]): TrustSet => {
  const [read, others] = [anchors, intermediates].map((list) => list.map(({ certificate }) => certificate));
  return {
    clientExtId: '100',
    extId: name,
    generation: name,
    version: 1,
    name,
    anchors: read ?? [],
    intermediates: others ?? [],
    prepared: prepareAnchors(read ?? [], others ?? []),
  };
};

const sets = [
  set('whole', [root], [issuing, constrained]),
  set('without intermediates', [root], []),
  set('old', [root], [expired]),
  set('other', [impostor], []),
  undefined,
];

const UNKNOWN: RevocationStatus = { status: 'unknown', ...MISSING, evidence: [] };

const STATUSES: readonly RevocationStatus[] = [
  { status: 'good', evidence: [] },
  { status: 'revoked', reason: 'keyCompromise', revocationDate: undefined, evidence: [] },
  UNKNOWN,
  { status: 'unknown', ...EXHAUSTED, evidence: [] },
];

const optional = (parameters: Readonly<Record<string, string>>) => fc.option(fc.constant(parameters), { nil: {} });

const policies = fc
  .tuple(
    fc.constantFrom('strict', 'tolerant'),
    fc.constantFrom(
      {},
      { trustAnchors: 'set' },
      { trustAnchors: 'set', revocationCheck: 'soft' },
      { trustAnchors: 'set', revocationCheck: 'hard' },
    ),
    optional({ certificateUploadAllowedIssuerCNList: 'Issuing' }),
    optional({ keyTypes: 'EC:P-256' }),
    optional({ maxValidityDays: '398' }),
    optional({ allowCertificateUpload: 'false' }),
    optional({ certificateUploadCheckSubjectDNElements: 'USER_LOGINID' }),
    optional({ requiredExtendedKeyUsage: 'serverAuth' }),
  )
  .map(([certificateUploadCheck, ...rest]) => policyOf(Object.assign({ certificateUploadCheck }, ...rest)));

const owners: fc.Arbitrary<CredentialOwner> = fc
  .record({ state: fc.constantFrom('active', 'disabled', 'archived'), loginId: fc.constantFrom('jdoe', 'Leaf') })
  .map((members) => ownerOf(members as Partial<CredentialOwner>));

const cases = fc.record({
  mode: fc.constantFrom('administrator', 'selfAdmin'),
  certificate: fc.constantFrom(...leaves),
  policy: policies,
  owner: owners,
  count: fc.constantFrom(0, 100),
  set: fc.constantFrom(...sets),
  statuses: fc.array(fc.constantFrom(...STATUSES), { minLength: 3, maxLength: 3 }),
  stateSetBy: fc.constantFrom('administrator', 'policy', 'owner'),
  state: fc.constantFrom('active', 'initial', 'disabled'),
});

const withoutDetails = (outcomes: readonly RuleOutcome[]) =>
  outcomes.map((outcome) => ({ ...outcome, path: undefined, evidence: undefined }));

/** The path, and these statuses of its certificates. */
function trustOf(
  policy: CertificatePolicy,
  certificate: DerCertificate,
  { trusted, statuses }: { readonly trusted: TrustSet | undefined; readonly statuses: readonly RevocationStatus[] },
): TrustEvaluation {
  if (policy.trustAnchors === undefined) return {};
  const searchedPath = searchPath(certificate, policy, trusted, NOW);
  if (policy.revocationCheck === 'none' || searchedPath.result?.proven !== true) return { searchedPath };
  const revocation = searchedPath.result.path.slice(0, -1).map((one, index) => {
    return { certificate: one, status: statuses[index] ?? UNKNOWN, failed: [] };
  });
  return { searchedPath, revocation };
}

const certificateErrors = (errors: readonly { readonly rule?: string }[]) =>
  errors.map(({ rule }) => rule).filter((rule) => rule !== undefined);

test('14.2 verdict and rules of an explanation are those of upload, PATCH and dry run', () => {
  fc.assert(
    fc.property(cases, ({ state, stateSetBy, set: trusted, statuses, ...given }) => {
      const { policy, certificate, owner, mode } = given;
      const input = {
        ...given,
        now: NOW,
        maxCount: 100,
        ...trustOf(policy, certificate, { trusted, statuses }),
      } as const;
      const explained = explainUpload({ ...input, fingerprints: 'sha256' }, []);
      const upload = decideCreate(input);
      const verdict =
        upload.kind === 'refused' ? 'refused' : upload.changes.state === 'disabled' ? 'disabled' : 'accepted';
      expect(explained.verdict).toBe(verdict);
      expect(withoutDetails(explained.rules)).toEqual(upload.outcomes);
      expect(decideCreate({ ...input, fingerprints: 'sha256' }).outcomes).toEqual(explained.rules);

      const credential = credentialOf({ state, stateSetBy });
      const patch = decideUpdate({ ...input, credential, patch: { newCertificate: certificate } });
      if (owner.state === 'archived') {
        expect(patch.kind).toBe('refused');
        return;
      }
      expect(patch.outcomes).toEqual(upload.outcomes);
      if (patch.kind === 'refused' && upload.kind === 'refused') {
        expect(certificateErrors(patch.errors)).toEqual(certificateErrors(upload.errors));
      } else if (explained.verdict === 'disabled' && patch.kind === 'changed' && patch.changes.state !== undefined) {
        expect(patch.changes.state).toBe('disabled');
      }
      // A user cannot replace the certificate of every credential, and an upload can exceed the number of certificates.
      const isOtherwiseRefused = mode === 'selfAdmin' || given.count === 100;
      if (!isOtherwiseRefused) expect(patch.kind === 'refused').toBe(explained.verdict === 'refused');
    }),
    { numRuns: 2000 },
  );
});

test('12.1, 13.1, 14.2 nothing is accepted without a proven path, or if the path is revoked, where the policy asks', () => {
  fc.assert(
    fc.property(cases, ({ set: trusted, statuses, ...given }) => {
      const { policy, certificate } = given;
      if (policy.trustAnchors === undefined) return;
      const trust = trustOf(policy, certificate, { trusted, statuses });
      const { searchedPath, revocation = [] } = trust;
      const { verdict, rules } = explainUpload({ ...given, now: NOW, maxCount: 100, ...trust } as const, []);
      const listed = rules.find(({ rule }) => rule === 'certificateUploadAllowedIssuerCNList');
      const isRevoked = revocation.some(({ status }) => status.status === 'revoked');
      const isUnknown = revocation.some(({ status }) => status.status === 'unknown');
      if (isRevoked || (isUnknown && policy.revocationCheck === 'hard')) expect(verdict).not.toBe('accepted');
      if (searchedPath?.result?.proven !== true) {
        expect(verdict).not.toBe('accepted');
        expect(listed?.passed ?? false).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});
