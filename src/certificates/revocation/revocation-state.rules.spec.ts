import { describe, expect, it } from 'vitest';

import { type CredentialState, NO_LOCK, NO_REPLACEMENT } from '../../credentials/credential-state.rules.js';
import type { RememberedRevocation } from '../../credentials/remembered-revocation.model.js';
import type { RevocationReason } from '../../x509/revocation/crl-entry.js';
import type { CertificateStatus, PathStatus } from '../evaluation/certificate-status.model.js';
import { type CheckedState, decideRevocation } from './revocation-state.rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const EARLIER = new Date('2026-06-01T10:00:00Z');
const LATER = new Date('2026-06-01T11:00:00Z');

const LEAF = 'aa'.repeat(32);
const CA = 'cc'.repeat(32);

const evidence = (thisUpdate: Date) => ({ kind: 'CRL', sha256: 'ee'.repeat(32), thisUpdate }) as const;
const good = (sha256 = LEAF, thisUpdate = LATER): CertificateStatus => ({
  sha256,
  status: 'good',
  evidence: evidence(thisUpdate),
});
const unknown = (sha256 = LEAF): CertificateStatus => ({ sha256, status: 'unknown' });
const revoked = (reason: RevocationReason, sha256 = LEAF, thisUpdate = EARLIER): CertificateStatus => ({
  sha256,
  status: 'revoked',
  reason,
  revocationDate: new Date('2026-05-31T00:00:00Z'),
  evidence: evidence(thisUpdate),
});
const found = (...certificates: CertificateStatus[]): PathStatus => ({ kind: 'revoked', certificates });
const accepted = (...certificates: CertificateStatus[]): PathStatus => ({ kind: 'accepted', certificates });

const ACTIVE: CheckedState = {
  state: 'active',
  stateSetBy: 'owner',
  reason: 'cert-uploaded',
  detail: null,
  ...NO_LOCK,
  ...NO_REPLACEMENT,
  failures: 0,
  failuresSinceLock: 0,
  successes: 3,
  revocation: null,
};

const remembered = (members: Partial<RememberedRevocation> = {}): RememberedRevocation => ({
  certificate: LEAF,
  reason: 'certificateHold',
  thisUpdate: EARLIER.toISOString(),
  before: { state: 'active', stateSetBy: 'owner' },
  ...members,
});

const held = (members: Partial<RememberedRevocation> = {}, state: Partial<CredentialState> = {}): CheckedState => ({
  ...ACTIVE,
  state: 'disabled',
  stateSetBy: 'policy',
  reason: 'cert-revoked',
  detail: 'Revoked.',
  ...state,
  revocation: remembered(members),
});

const decide = (credential: CheckedState, path: PathStatus, mode: 'soft' | 'hard' = 'hard') =>
  decideRevocation({ credential, path, mode, now: NOW });

describe('13.4 a revoked certificate', () => {
  it('is disabled by the policy, with the reason, the date and the evidence', () => {
    expect(decide(ACTIVE, found(revoked('keyCompromise'), good(CA)))).toEqual({
      kind: 'disabled',
      next: {
        ...ACTIVE,
        state: 'disabled',
        stateSetBy: 'policy',
        reason: 'cert-revoked',
        detail:
          'Revoked (keyCompromise) since 2026-05-31T00:00:00Z, according to the CRL of 2026-06-01T10:00:00Z, SHA-256 ' +
          `${'ee'.repeat(32)}.`,
        revocation: remembered({ reason: 'keyCompromise' }),
      },
    });
  });

  it.each<[string, Partial<CredentialState>, Partial<CredentialState>]>([
    ['initial', { state: 'initial', stateSetBy: 'administrator' }, { stateSetBy: 'policy' }],
    ['admin-changed', { state: 'admin-changed', stateSetBy: 'administrator' }, { stateSetBy: 'policy' }],
    ['reset-code', { state: 'reset-code', stateSetBy: 'administrator' }, { stateSetBy: 'policyOverResetCode' }],
    [
      'a permanent lock, which stays',
      { lock: 'fail-locked', lockReason: 'changed-by-admin' },
      { lock: 'fail-locked', lockReason: 'changed-by-admin', stateSetBy: 'policy' },
    ],
    [
      'a temporary lock, which stays',
      { lock: 'tmp-locked', lockReason: 'too-many-login-failures', lockedUntil: new Date('2026-06-01T12:01:00Z') },
      { lock: 'tmp-locked', lockedUntil: new Date('2026-06-01T12:01:00Z'), stateSetBy: 'policy' },
    ],
    [
      'a temporary lock that has ended, which is removed',
      { lock: 'tmp-locked', lockReason: 'too-many-login-failures', lockedUntil: new Date('2026-06-01T11:59:00Z') },
      { lock: null, lockReason: null, lockedUntil: null, stateSetBy: 'policy' },
    ],
  ])('ok/is disabled in the state %s', (_, state, next) => {
    const { state: before = 'active', stateSetBy = 'owner' } = state;
    expect(decide({ ...ACTIVE, ...state }, found(revoked('superseded')))).toMatchObject({
      kind: 'disabled',
      next: {
        state: 'disabled',
        reason: 'cert-revoked',
        ...next,
        revocation: { before: { state: before, stateSetBy } },
      },
    });
  });

  it.each<[string, Partial<CredentialState>]>([
    [
      'that an administrator has disabled',
      { state: 'disabled', stateSetBy: 'administrator', reason: 'changed-by-admin' },
    ],
    ['that its owner has disabled', { state: 'disabled', stateSetBy: 'owner', reason: 'changed-by-user' }],
    ['that its owner has disabled out of a lock', { state: 'disabled', stateSetBy: 'ownerOutOfLock' }],
    ['that violates the policy', { state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed' }],
    [
      'that violates the policy beneath a hidden lock',
      { state: 'disabled', stateSetBy: 'policyOverLock', reason: 'policy-check-failed', lock: 'fail-locked' },
    ],
    ['that is archived', { state: 'archived' }],
  ])('ok/nothing changes for one %s', (_, state) => {
    expect(decide({ ...ACTIVE, ...state }, found(revoked('keyCompromise')))).toEqual({ kind: 'unchanged' });
  });

  it('13.1 a revoked CA disables as well, and is named by its digest', () => {
    const decision = decide(ACTIVE, found(good(), revoked('cACompromise', CA)));
    expect(decision).toMatchObject({
      kind: 'disabled',
      next: { revocation: { certificate: CA, reason: 'cACompromise' } },
    });
    expect(decision.kind === 'disabled' && decision.next.detail).toMatch(
      /^CA certificate c{16}… revoked \(cACompromise\)/,
    );
  });

  it('of several, one for another reason than a hold counts', () => {
    const path = found(revoked('certificateHold'), revoked('cessationOfOperation', CA));
    expect(decide(ACTIVE, path)).toMatchObject({ next: { revocation: { certificate: CA } } });
    expect(decide(ACTIVE, found(revoked('certificateHold'), revoked('certificateHold', CA)))).toMatchObject({
      next: { revocation: { certificate: LEAF } },
    });
  });

  it('the texts of all reasons are short enough for the audit log', () => {
    const decision = decide(ACTIVE, found(revoked('cessationOfOperation')));
    expect(decision.kind === 'disabled' && decision.next.detail?.length).toBeLessThanOrEqual(200);
  });
});

describe('13.4 what is not found revoked', () => {
  it.each<[string, PathStatus]>([
    ['whose status is unknown', accepted(unknown(), unknown(CA))],
    ['that is good', accepted(good(), good(CA))],
    ['without a path', { kind: 'unproven' }],
    ['whose search ended at a bound', { kind: 'undecided' }],
  ])('ok/nothing changes for an active certificate %s, under soft and hard', (_, path) => {
    expect(decide(ACTIVE, path, 'soft')).toEqual({ kind: 'unchanged' });
    expect(decide(ACTIVE, path, 'hard')).toEqual({ kind: 'unchanged' });
  });
});

describe('13.4 a certificate on hold', () => {
  it('is enabled by newer evidence that says good', () => {
    expect(decide(held(), accepted(good(), good(CA, EARLIER)))).toEqual({
      kind: 'enabled',
      next: {
        ...ACTIVE,
        reason: 'changed-by-batchjob',
        detail: `No longer on hold, according to the CRL of 2026-06-01T11:00:00Z, SHA-256 ${'ee'.repeat(32)}.`,
        revocation: null,
      },
    });
  });

  it.each<[string, RememberedRevocation['before'], Partial<CredentialState>]>([
    ['reset-code', { state: 'reset-code', stateSetBy: 'administrator' }, { stateSetBy: 'policyOverResetCode' }],
    ['initial', { state: 'initial', stateSetBy: 'administrator' }, {}],
    ['admin-changed', { state: 'admin-changed', stateSetBy: 'administrator' }, {}],
    [
      'active beneath a lock',
      { state: 'active', stateSetBy: 'owner' },
      { lock: 'fail-locked', lockReason: 'changed-by-admin' },
    ],
  ])('ok/what was set before comes back: %s', (_, before, state) => {
    const { lock = null } = state;
    expect(decide(held({ before }, state), accepted(good()))).toMatchObject({
      kind: 'enabled',
      next: { ...before, lock, revocation: null },
    });
  });

  it.each<[string, CheckedState, PathStatus]>([
    ['evidence as old as the hold', held(), accepted(good(LEAF, EARLIER))],
    ['unknown', held(), accepted(unknown(), good(CA))],
    ['no path, as after expiry', held(), { kind: 'unproven' }],
    ['a bound', held(), { kind: 'undecided' }],
    ['a path without the certificate that is on hold', held({ certificate: CA }), accepted(good())],
    ['good, where the reason is another one', held({ reason: 'keyCompromise' }), accepted(good())],
    ['good, where a person has disabled it since', held({}, { stateSetBy: 'administrator' }), accepted(good())],
    ['good, where it violates the policy since', held({}, { reason: 'policy-check-failed' }), accepted(good())],
    ['good, where nothing is remembered', { ...held(), revocation: null }, accepted(good())],
  ])('fail/is not enabled by %s', (_, credential, path) => {
    expect(decide(credential, path, 'soft')).toEqual({ kind: 'unchanged' });
    expect(decide(credential, path, 'hard')).toEqual({ kind: 'unchanged' });
  });

  it('under hard, an unknown status of its CA does not enable it; under soft it does', () => {
    const path = accepted(good(), unknown(CA));
    expect(decide(held(), path, 'hard')).toEqual({ kind: 'unchanged' });
    expect(decide(held(), path, 'soft')).toMatchObject({ kind: 'enabled' });
  });

  it('stays so, and newer evidence is remembered without a change that callers see', () => {
    expect(decide(held(), found(revoked('certificateHold')))).toEqual({ kind: 'unchanged' });
    expect(decide(held(), found(revoked('certificateHold', LEAF, LATER)))).toEqual({
      kind: 'confirmed',
      revocation: remembered({ thisUpdate: LATER.toISOString() }),
    });
  });

  it('may pass to its CA', () => {
    expect(decide(held(), found(good(), revoked('certificateHold', CA)))).toEqual({
      kind: 'confirmed',
      revocation: remembered({ certificate: CA }),
    });
  });

  it('may become final, which says so and is never lifted', () => {
    const decision = decide(held(), found(revoked('keyCompromise', LEAF, LATER)));
    expect(decision).toMatchObject({
      kind: 'disabled',
      next: {
        state: 'disabled',
        stateSetBy: 'policy',
        revocation: { reason: 'keyCompromise', before: { state: 'active' } },
      },
    });
    if (decision.kind !== 'disabled') return;
    expect(decision.next.detail).toMatch(/^Revoked \(keyCompromise\)/);
    expect(decide(decision.next, accepted(good(LEAF, NOW)))).toEqual({ kind: 'unchanged' });
    expect(decide(decision.next, found(revoked('certificateHold', LEAF, NOW)))).toEqual({ kind: 'unchanged' });
  });
});
