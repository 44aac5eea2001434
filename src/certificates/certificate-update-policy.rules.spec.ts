import { describe, expect, it } from 'vitest';

import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import { effectiveState } from '../credentials/credential-state.rules.js';
import type { CallerMode } from '../credentials/state-change.rules.js';
import type { CertificateColumns } from './certificate-decision.js';
import { decideUpdate, type CertificatePatch, type CurrentCertificate } from './certificate-update.rules.js';

const good = certificateOf({ seed: 'good' });
const bad = certificateOf({ seed: 'bad', publicKey: { type: 'RSA', bits: 1024, curve: undefined } });
const tolerant = { certificateUploadCheck: 'tolerant', keyTypes: 'EC:P-256' };
const strict = { ...tolerant, certificateUploadCheck: 'strict' };
const unlisted = { certificateUploadAllowedIssuerCNList: 'Other CA' };
const DETAIL = 'keyTypes: expected EC on P-256 or P-384 or P-521, found RSA of 1024 bits';

const byPolicy = { state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed', detail: DETAIL } as const;
const byAdministrator = { state: 'disabled', stateSetBy: 'administrator', reason: 'changed-by-admin' } as const;
const byOwner = { state: 'disabled', stateSetBy: 'owner', reason: 'changed-by-user' } as const;
const lockedByFailures = { lock: 'tmp-locked', lockedUntil: later(1), lockReason: 'too-many-login-failures' } as const;
const lockedByAdministrator = { lock: 'fail-locked', lockedUntil: null, lockReason: 'changed-by-admin' } as const;
const disabledByPolicyOverLock = {
  ...byPolicy,
  stateSetBy: 'policyOverLock',
  ...lockedByAdministrator,
  lockReason: 'cert-uploaded',
} as const;
const NO_LOCK = { lock: null, lockedUntil: null, lockReason: null } as const;

function decide(
  row: Partial<CurrentCertificate>,
  patch: CertificatePatch,
  policy: Record<string, string>,
  mode: CallerMode = 'administrator',
) {
  const credential = credentialOf(row);
  const decision = decideUpdate({ mode, credential, patch, policy: policyOf(policy), owner: ownerOf(), now: NOW });
  const changes = decision.kind === 'changed' ? decision.changes : {};
  return { decision, after: { ...credential, ...changes } };
}

describe('decideUpdate with a strict policy', () => {
  it('6.4 fail/a violation refuses, with the rule and its remedy', () => {
    const { decision } = decide({}, { newCertificate: bad }, strict);
    expect(decision).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'errors.certificatePolicyViolated',
          message: `The policy does not allow this certificate: ${DETAIL}.`,
          field: 'certificate',
          rule: 'keyTypes',
          parameter: 'keyTypes',
          expected: 'EC on P-256 or P-384 or P-521',
          found: 'RSA of 1024 bits',
          remedy: 'Have it issued for a new key: EC on P-256 or P-384 or P-521.',
        },
      ],
      outcomes: [
        { rule: 'keyTypes', passed: false },
        { rule: 'requireCurrentlyValid', passed: true },
        { rule: 'wellFormed', passed: true },
      ],
    });
  });

  it.each<[string, Partial<CurrentCertificate>]>([
    ['a disabled credential', byAdministrator],
    ['a locked credential', lockedByFailures],
  ])('6.4 fail/a violation refuses for %s too', (_title, row) => {
    expect(decide(row, { newCertificate: bad }, strict).decision.kind).toBe('refused');
  });

  it('6.4 ok/an unlisted issuer by itself is not refused', () => {
    const { decision, after } = decide({}, { newCertificate: good }, { ...strict, ...unlisted });
    expect(decision.kind).toBe('changed');
    expect(after).toMatchObject({ state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed' });
    expect(after.detail).toBe(
      'certificateUploadAllowedIssuerCNList: expected an issuer with the common name Other CA, found Acme CA',
    );
  });

  it('6.4 ok/without a new certificate nothing is evaluated', () => {
    const { decision, after } = decide({}, { stateName: 'disabled' }, { ...strict, ...unlisted });
    expect(decision.outcomes).toEqual([]);
    expect(after).toMatchObject(byAdministrator);
  });
});

type Row = Partial<CurrentCertificate>;
type Asked = CertificatePatch['stateName'];

describe('decideUpdate with a tolerant policy and a violation', () => {
  it.each<[string, Row, Asked, Partial<CertificateColumns>]>([
    ['an active credential is disabled', {}, undefined, byPolicy],
    ['an initial credential is disabled', { state: 'initial' }, undefined, byPolicy],
    ['disabled although active was sent', { state: 'initial' }, 'active', byPolicy],
    ['reset-code sent: remembered', {}, 'reset-code', { ...byPolicy, stateSetBy: 'policyOverResetCode' }],
    [
      'in reset-code: remembered',
      { state: 'reset-code' },
      undefined,
      { ...byPolicy, stateSetBy: 'policyOverResetCode' },
    ],
    ['in reset-code, and active sent', { state: 'reset-code' }, 'active', byPolicy],
    [
      'a lock that has ended is cleared',
      { ...lockedByFailures, lockedUntil: NOW },
      undefined,
      { ...byPolicy, ...NO_LOCK },
    ],
    ['disabled by the policy before, for another rule', { ...byPolicy, detail: 'wellFormed: …' }, undefined, byPolicy],
    ['disabled sent: set by the administrator', {}, 'disabled', { ...byPolicy, stateSetBy: 'administrator' }],
    ['a lock sent: remembered', {}, 'fail-locked', disabledByPolicyOverLock],
    ['disabled by its owner, and an administrator sends a lock', byOwner, 'fail-locked', disabledByPolicyOverLock],
    [
      'disabled by its owner, and an administrator sends reset-code',
      byOwner,
      'reset-code',
      { ...byPolicy, stateSetBy: 'policyOverResetCode' },
    ],
    [
      'disabled by its owner, and an administrator sends a temporary lock: it stays disabled after the lock',
      byOwner,
      'tmp-locked',
      { ...byPolicy, stateSetBy: 'administrator', ...NO_LOCK },
    ],
    [
      'disabled by its owner under a temporary lock, and a permanent lock sent',
      { ...byOwner, ...lockedByFailures },
      'fail-locked',
      { ...byOwner, ...lockedByAdministrator, lockReason: 'cert-uploaded' },
    ],
    ['disabled over a lock, another violation', disabledByPolicyOverLock, undefined, disabledByPolicyOverLock],
    ['disabled over a lock, and active sent', disabledByPolicyOverLock, 'active', { ...byPolicy, ...NO_LOCK }],
    [
      'disabled by a person together with another violation: the detail is the one of this violation',
      { ...byPolicy, stateSetBy: 'administrator', detail: 'wellFormed: …' },
      undefined,
      { ...byPolicy, stateSetBy: 'administrator' },
    ],
    ['disabled by an administrator: unchanged', byAdministrator, undefined, byAdministrator],
    ['disabled by its owner: unchanged', byOwner, undefined, byOwner],
    [
      'disabled by a person together with another violation, and active sent: the detail is the one of this violation',
      { ...byPolicy, stateSetBy: 'administrator', detail: 'wellFormed: …' },
      'active',
      { ...byPolicy, stateSetBy: 'administrator' },
    ],
    ['disabled by an administrator, and active sent: unchanged', byAdministrator, 'active', byAdministrator],
    [
      'locked by failures: stays locked, disabled under the lock',
      lockedByFailures,
      undefined,
      { ...byPolicy, ...lockedByFailures },
    ],
    [
      'locked by failures, and active sent: stays locked, disabled under the lock',
      lockedByFailures,
      'active',
      { ...byPolicy, ...lockedByFailures },
    ],
    [
      'locked by an administrator: stays locked, disabled under the lock',
      lockedByAdministrator,
      undefined,
      { ...byPolicy, ...lockedByAdministrator },
    ],
    [
      'locked by failures, and disabled sent: disabled instead of locked',
      { ...lockedByFailures, failures: 2 },
      'disabled',
      { ...byPolicy, stateSetBy: 'administrator', ...NO_LOCK, failures: 0 },
    ],
    [
      'locked, and disabled by a person under the lock: both stay',
      { ...byAdministrator, ...lockedByFailures },
      undefined,
      { ...byAdministrator, ...lockedByFailures },
    ],
    [
      'locked, disabled by a person under the lock, and disabled sent',
      { ...byOwner, ...lockedByAdministrator },
      'disabled',
      { state: 'disabled', stateSetBy: 'administrator', reason: 'cert-uploaded', ...NO_LOCK },
    ],
  ])('6.4 ok/%s', (_title, row, stateName, expected) => {
    const { decision, after } = decide(row, { newCertificate: bad, stateName }, tolerant);
    expect(decision).toMatchObject({ kind: 'changed', certificate: bad });
    expect(after).toMatchObject({ ...expected });
  });

  it('6.4 ok/it stays disabled after the end of a lock', () => {
    const { decision, after } = decide(lockedByFailures, { newCertificate: bad }, tolerant);
    expect(decision).toMatchObject({ changed: ['certificate'] });
    expect(effectiveState(after, NOW)).toEqual({
      stateName: 'tmp-locked',
      stateChangeReason: 'too-many-login-failures',
      stateChangeDetail: null,
    });
    expect(effectiveState(after, later(1))).toEqual({
      stateName: 'disabled',
      stateChangeReason: 'policy-check-failed',
      stateChangeDetail: DETAIL,
    });
  });

  it('5.4 ok/the changed members are named', () => {
    const { decision } = decide({}, { newCertificate: bad }, tolerant);
    expect(decision).toMatchObject({
      changed: ['certificate', 'stateName', 'stateChangeReason', 'stateChangeDetail'],
    });
  });

  it('5.4 ok/the detail has every failed rule, including the issuer, in at most 1000 characters', () => {
    const many = Array.from({ length: 40 }, (_, index) => `Element${index}`).join(',');
    const policy = { ...tolerant, ...unlisted, certificateUploadCheckSubjectDNElements: many };
    const { detail } = decide({}, { newCertificate: bad }, policy).after;
    expect(detail).toMatch(/^certificateUploadAllowedIssuerCNList: .*; and \d+ more$/);
    expect(detail?.length).toBeLessThanOrEqual(1000);
    expect(detail?.length).toBeGreaterThan(800);
  });

  it('6.4 fail/a denied transition is refused together with the violation', () => {
    const { decision } = decide(byPolicy, { newCertificate: bad, stateName: 'active' }, tolerant, 'selfAdmin');
    expect(decision).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.stateTransitionDenied', field: 'stateName' }],
      outcomes: [{ rule: 'allowCertificateUpload' }, { rule: 'keyTypes', passed: false }, {}, {}],
    });
  });
});

describe('decideUpdate with a compliant certificate', () => {
  const listed = { ...tolerant, certificateUploadAllowedIssuerCNList: 'Acme CA' };

  it.each<[string, CallerMode, Row, Asked, Partial<CertificateColumns>]>([
    [
      'activates a credential that the policy disabled',
      'administrator',
      byPolicy,
      undefined,
      { state: 'active', reason: 'cert-uploaded', detail: null },
    ],
    [
      'activates it for its owner too',
      'selfAdmin',
      byPolicy,
      undefined,
      { state: 'active', stateSetBy: 'owner', reason: 'cert-uploaded' },
    ],
    [
      'activates it under a lock, which stays',
      'administrator',
      { ...byPolicy, ...lockedByFailures },
      undefined,
      { state: 'active', ...lockedByFailures },
    ],
    [
      'sets the state that was sent',
      'administrator',
      byPolicy,
      'initial',
      { state: 'initial', reason: 'cert-uploaded' },
    ],
    [
      'sets active that was sent, because of the certificate',
      'administrator',
      byPolicy,
      'active',
      { state: 'active', reason: 'cert-uploaded' },
    ],
    [
      'sets the lock that was sent over a credential that the policy disabled, which is active after it',
      'administrator',
      byPolicy,
      'fail-locked',
      { state: 'active', reason: 'cert-uploaded', lock: 'fail-locked', lockReason: 'cert-uploaded' },
    ],
    [
      'keeps the reason for which a person disabled it',
      'administrator',
      { ...byOwner, reason: 'unlock' },
      undefined,
      { ...byOwner, reason: 'unlock' },
    ],
    [
      'does not activate a credential that an administrator disabled',
      'administrator',
      byAdministrator,
      undefined,
      byAdministrator,
    ],
    ['does not activate a credential that its owner disabled', 'selfAdmin', byOwner, undefined, byOwner],
    [
      'does not activate a credential that was disabled in one request with a violating certificate',
      'administrator',
      { ...byPolicy, stateSetBy: 'administrator' },
      undefined,
      { ...byAdministrator, detail: null },
    ],
    [
      'does not activate it for its owner either, with the remaining reason',
      'selfAdmin',
      { ...byPolicy, stateSetBy: 'owner' },
      undefined,
      { ...byOwner, detail: null },
    ],
    [
      'restores the lock that the policy replaced',
      'administrator',
      disabledByPolicyOverLock,
      undefined,
      {
        state: 'active',
        stateSetBy: 'administrator',
        ...lockedByAdministrator,
        lockReason: 'cert-uploaded',
        detail: null,
      },
    ],
    [
      'activates a credential that the policy disabled over a lock that has ended',
      'selfAdmin',
      { ...disabledByPolicyOverLock, lock: 'tmp-locked', lockedUntil: NOW },
      undefined,
      { state: 'active', stateSetBy: 'owner', ...NO_LOCK },
    ],
    [
      'restores reset-code',
      'administrator',
      { ...byPolicy, stateSetBy: 'policyOverResetCode' },
      undefined,
      { state: 'reset-code', stateSetBy: 'administrator', reason: 'cert-uploaded', detail: null },
    ],
    [
      'restores reset-code under a lock',
      'administrator',
      { ...byPolicy, stateSetBy: 'policyOverResetCode', ...lockedByFailures },
      undefined,
      { state: 'reset-code', stateSetBy: 'administrator', ...lockedByFailures },
    ],
    ['does not unlock', 'administrator', lockedByFailures, undefined, { state: 'active', ...lockedByFailures }],
    [
      'keeps initial, with a listed issuer or not',
      'selfAdmin',
      { state: 'initial' },
      undefined,
      { state: 'initial', reason: 'initialized' },
    ],
    ['keeps reset-code', 'administrator', { state: 'reset-code' }, undefined, { state: 'reset-code' }],
    [
      'activates when an administrator sends active',
      'administrator',
      byAdministrator,
      'active',
      { state: 'active', reason: 'cert-uploaded' },
    ],
  ])('6.4 ok/%s', (_title, mode, row, stateName, expected) => {
    expect(decide(row, { newCertificate: good, stateName }, listed, mode).after).toMatchObject(expected);
  });

  it('6.4 ok/a violation followed by a compliant certificate does not end a lock by failures', () => {
    const first = decide(
      { lock: 'fail-locked', lockReason: 'too-many-login-failures' },
      { newCertificate: bad },
      listed,
    );
    const second = decide(first.after, { newCertificate: good }, listed);
    expect(effectiveState(second.after, later(1e12)).stateName).toBe('fail-locked');
  });

  it('6.4 ok/a violation followed by a compliant certificate does not activate a credential that a person disabled', () => {
    const first = decide(byOwner, { newCertificate: bad }, listed, 'selfAdmin');
    const second = decide(first.after, { newCertificate: good }, listed, 'selfAdmin');
    expect(second.after).toMatchObject(byOwner);
  });
});
