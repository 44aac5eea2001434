import { describe, expect, it } from 'vitest';

import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../../test/support/rule-fixtures.js';
import type { CertificateColumns } from '../certificate-decision.js';
import { decideMove, type MoveInput } from './certificate-move.rules.js';

const good = certificateOf({ seed: 'good' });
const bad = certificateOf({ seed: 'bad', publicKey: { type: 'RSA', bits: 1024, curve: undefined } });
const TOLERANT = { certificateUploadCheck: 'tolerant', keyTypes: 'EC:P-256' };
const STRICT = { ...TOLERANT, certificateUploadCheck: 'strict' };
const NONE = { certificateUploadCheck: 'none' };

const byPolicy = {
  state: 'disabled',
  stateSetBy: 'policy',
  reason: 'policy-check-failed',
  detail: 'keyTypes: expected another',
} as const;
const byAdministrator = { state: 'disabled', stateSetBy: 'administrator', reason: 'changed-by-admin' } as const;
const locked = { lock: 'fail-locked', lockedUntil: null, lockReason: 'changed-by-admin' } as const;

function decide(
  row: Partial<CertificateColumns>,
  policy: Readonly<Record<string, string>>,
  input: Partial<MoveInput> = {},
) {
  return decideMove({
    mode: 'administrator',
    owner: ownerOf(),
    now: NOW,
    credential: credentialOf(row),
    certificate: good,
    policy: policyOf(policy),
    isUnderPolicy: false,
    changeReason: 'changed-by-batchjob',
    ...input,
  });
}

describe('decideMove: the state under the new policy', () => {
  it.each<[string, Partial<CertificateColumns>, Readonly<Record<string, string>>, MoveInput['certificate'], object]>([
    ['active and allowed stays', {}, STRICT, good, { state: 'active', reason: 'initialized' }],
    ['active and violating is disabled by a tolerant policy', {}, TOLERANT, bad, byPolicy],
    ['active and violating stays under a policy that checks nothing', {}, NONE, bad, { state: 'active' }],
    ['initial and violating is disabled too', { state: 'initial' }, TOLERANT, bad, byPolicy],
    [
      'disabled by the old policy and allowed is enabled, by the job',
      byPolicy,
      STRICT,
      good,
      { state: 'active', stateSetBy: 'administrator', reason: 'changed-by-batchjob', detail: null },
    ],
    ['disabled by the old policy and violating stays disabled', byPolicy, TOLERANT, bad, { ...byPolicy }],
    ['disabled by an administrator stays, though it is allowed', byAdministrator, STRICT, good, byAdministrator],
    [
      'disabled by an administrator stays theirs, though it violates',
      byAdministrator,
      TOLERANT,
      bad,
      { state: 'disabled' },
    ],
    [
      'revoked stays, though it is allowed',
      { ...byPolicy, reason: 'cert-revoked' },
      STRICT,
      good,
      { state: 'disabled', reason: 'cert-revoked' },
    ],
    [
      'revoked keeps its reason, though it violates',
      { ...byPolicy, reason: 'cert-revoked' },
      TOLERANT,
      bad,
      { state: 'disabled', reason: 'cert-revoked' },
    ],
    [
      'replaced by a renewal stays',
      { ...byPolicy, reason: 'renewal' },
      STRICT,
      good,
      { state: 'disabled', reason: 'renewal' },
    ],
    ['a lock stays', locked, STRICT, good, { state: 'active', ...locked }],
  ])('17.1 %s', (_, row, policy, certificate, expected) => {
    const decision = decide(row, policy, { certificate });
    expect(decision).toMatchObject({ kind: 'changed' });
    const { detail, ...members } = expected as { readonly detail?: string | null };
    const next = decision.kind === 'changed' ? decision.next : undefined;
    expect(next).toMatchObject(members);
    if (detail === null) expect(next?.detail).toBeNull();
    if (typeof detail === 'string') expect(next?.detail).toMatch(/^keyTypes: expected/);
  });

  it.each<[string, Partial<CertificateColumns>]>([
    ['is disabled by it', { disabledOn: later(-1), replacedBy: 'newer' }],
    ['will be disabled by it', { disabledOn: later(1), replacedBy: 'newer' }],
  ])('17.1 a credential that a newer one has replaced keeps that: it %s', (_, row) => {
    const decision = decide(row, STRICT);
    expect(decision).toMatchObject({ kind: 'changed', next: { replacedBy: 'newer' } });
  });
});

describe('decideMove: what else it decides', () => {
  it('17.1 fail/a strict policy refuses what it would refuse as an upload', () => {
    expect(decide({}, STRICT, { certificate: bad })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.certificatePolicyViolated', rule: 'keyTypes' }],
    });
  });

  it.each([
    ['user', { owner: ownerOf({ state: 'archived' }) }, {}],
    ['credential', {}, { state: 'archived' }],
  ] as const)('17.1 fail/an archived %s refuses, also where nothing would change', (what, input, row) => {
    expect(decide(row, STRICT, { ...input, isUnderPolicy: true })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.recordDeleted', message: `The ${what} is archived and can no longer be changed.` }],
    });
  });

  it('17.1 a credential that has the policy stays as it is, also with a comment and a violation', () => {
    const input = { isUnderPolicy: true, certificate: bad, modificationComment: 'moved' };
    expect(decide({}, STRICT, input)).toEqual({ kind: 'unchanged', outcomes: [] });
  });

  it('17.1 the validity is that of an upload, login counters stay', () => {
    const row = { validFrom: later(-9), validTo: later(9), failures: 3, failuresSinceLock: 2, successes: 7 };
    const decision = decide(row, STRICT);
    expect(decision).toMatchObject({
      next: { validFrom: good.notBefore, validTo: good.notAfter, failures: 3, failuresSinceLock: 2, successes: 7 },
    });
  });

  it.each([
    ['absent', undefined, 'before', ['policyExtId']],
    ['sent', 'after', 'after', ['policyExtId', 'modificationComment']],
    ['the same', 'before', 'before', ['policyExtId']],
  ])('17.1 a comment that is %s', (_, modificationComment, comment, changed) => {
    const { validFrom, validTo } = { validFrom: good.notBefore, validTo: good.notAfter };
    const decision = decide({ comment: 'before', validFrom, validTo }, STRICT, { modificationComment });
    expect(decision).toMatchObject({ kind: 'changed', next: { comment }, changed });
  });
});
