import { describe, expect, it } from 'vitest';

import { certificateOf, later, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import type { StateName } from '../credentials/credential-state.rules.js';
import type { CallerMode } from '../credentials/state-change.rules.js';
import { decideCreate, type CreationInput } from './certificate-creation.rules.js';
import type { CertificateColumns } from './certificate-decision.js';

const good = certificateOf();
const bad = certificateOf({ hasSubjectAlternativeName: false });
const tolerant = { certificateUploadCheck: 'tolerant', requireSubjectAlternativeName: 'true' };

function decide(mode: CallerMode, parameters: Record<string, string>, rest: Partial<CreationInput> = {}) {
  return decideCreate({
    mode,
    certificate: good,
    policy: policyOf(parameters),
    owner: ownerOf(),
    now: NOW,
    count: 0,
    maxCount: 100,
    ...rest,
  });
}

function columnsOf(mode: CallerMode, parameters: Record<string, string>, rest: Partial<CreationInput> = {}) {
  const decision = decide(mode, parameters, rest);
  if (decision.kind !== 'changed') throw new Error('refused');
  return decision.changes;
}

describe('decideCreate', () => {
  it('5.4 ok/all columns of the row', () => {
    expect(decide('administrator', {})).toEqual({
      kind: 'changed',
      changes: {
        state: 'active',
        stateSetBy: 'administrator',
        reason: 'initialized',
        detail: null,
        disabledOn: null,
        replacedBy: null,
        lock: null,
        lockedUntil: null,
        lockReason: null,
        failures: 0,
        failuresSinceLock: 0,
        successes: 0,
        comment: null,
        validFrom: good.notBefore,
        validTo: good.notAfter,
      },
      certificate: good,
      changed: ['certificate', 'validity', 'stateName', 'stateChangeReason'],
      outcomes: [],
    });
  });

  it('2.8 ok/the lifetime of the policy limits the validity, from the time of creation', () => {
    expect(columnsOf('administrator', { credentialLifetime: '5000' }).validTo).toEqual(later(5000));
  });

  it.each<[string, CallerMode, StateName | undefined, Partial<CertificateColumns>]>([
    [
      '5.4 ok/by a self-admin',
      'selfAdmin',
      undefined,
      { state: 'active', stateSetBy: 'owner', reason: 'cert-uploaded' },
    ],
    ['4.6 ok/initial by a self-admin', 'selfAdmin', 'initial', { state: 'initial', stateSetBy: 'owner' }],
    ['4.6 ok/active by a self-admin', 'selfAdmin', 'active', { state: 'active' }],
    ['4.6 ok/disabled by a self-admin', 'selfAdmin', 'disabled', { state: 'disabled', stateSetBy: 'owner' }],
    [
      '2.7 ok/disabled',
      'administrator',
      'disabled',
      { state: 'disabled', stateSetBy: 'administrator', reason: 'initialized' },
    ],
    ['2.7 ok/admin-changed', 'administrator', 'admin-changed', { state: 'admin-changed' }],
    ['2.7 ok/archived', 'administrator', 'archived', { state: 'archived', reason: 'initialized' }],
    [
      '5.2 ok/locked for a time',
      'administrator',
      'tmp-locked',
      { state: 'active', lock: 'tmp-locked', lockedUntil: later(60_000), lockReason: 'initialized' },
    ],
    [
      '5.2 ok/locked until someone unlocks',
      'administrator',
      'fail-locked',
      { state: 'active', lock: 'fail-locked', lockedUntil: null, lockReason: 'initialized' },
    ],
  ])('%s', (_title, mode, stateName, columns) => {
    expect(columnsOf(mode, {}, { stateName })).toMatchObject(columns);
  });

  it.each<StateName>(['tmp-locked', 'fail-locked', 'reset-code', 'admin-changed', 'archived'])(
    '4.6 fail/%s by a self-admin',
    (stateName) => {
      expect(decide('selfAdmin', {}, { stateName })).toMatchObject({
        kind: 'refused',
        errors: [{ code: 'errors.stateTransitionDenied', field: 'stateName' }],
      });
    },
  );

  it('3.9 fail/for an archived user', () => {
    expect(decide('administrator', {}, { owner: ownerOf({ state: 'archived' }) })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.recordDeleted' }],
    });
  });

  it('3.9 ok/for a disabled user', () => {
    expect(decide('administrator', {}, { owner: ownerOf({ state: 'disabled' }) }).kind).toBe('changed');
  });

  it('6 fail/by a self-admin where the policy forbids uploads', () => {
    expect(decide('selfAdmin', { allowCertificateUpload: 'false' })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.certificatePolicyViolated', rule: 'allowCertificateUpload' }],
    });
    expect(decide('administrator', { allowCertificateUpload: 'false' }).kind).toBe('changed');
  });

  it('6.4 fail/a strict violation together with a denied state', () => {
    const rest = { certificate: bad, stateName: 'archived' } as const;
    const decision = decide('selfAdmin', { requireSubjectAlternativeName: 'true' }, rest);
    expect(decision).toMatchObject({
      kind: 'refused',
      errors: [
        { code: 'errors.stateTransitionDenied' },
        { code: 'errors.certificatePolicyViolated', rule: 'requireSubjectAlternativeName' },
      ],
    });
  });

  it.each<[string, StateName | undefined, Partial<CertificateColumns>]>([
    ['ok/nothing sent', undefined, { stateSetBy: 'policy' }],
    ['ok/active sent', 'active', { stateSetBy: 'policy' }],
    ['ok/disabled sent: set by the administrator', 'disabled', { stateSetBy: 'administrator' }],
    ['ok/a lock sent, which is remembered', 'fail-locked', { stateSetBy: 'policyOverLock', lock: 'fail-locked' }],
    ['ok/reset-code sent, which is remembered', 'reset-code', { stateSetBy: 'policyOverResetCode', lock: null }],
    ['ok/archived sent: set by the administrator', 'archived', { stateSetBy: 'administrator' }],
  ])('6.4 %s, and a tolerant violation disables', (_title, stateName, columns) => {
    const decision = decide('administrator', tolerant, { certificate: bad, stateName });
    expect(decision).toMatchObject({
      kind: 'changed',
      changes: {
        state: 'disabled',
        reason: 'policy-check-failed',
        detail: 'requireSubjectAlternativeName: expected a subject alternative name, found none',
        ...columns,
      },
      changed: ['certificate', 'validity', 'stateName', 'stateChangeReason', 'stateChangeDetail'],
    });
  });

  it('6.4 ok/an unlisted issuer disables, a listed one does not', () => {
    const columns = ['Other CA', 'Acme CA'].map((list) =>
      columnsOf('selfAdmin', { certificateUploadAllowedIssuerCNList: list }),
    );
    expect(columns.map(({ state }) => state)).toEqual(['disabled', 'active']);
  });

  it.each<[string, number]>([
    ['the maximum number', 100],
    ['more than a lowered limit', 150],
  ])('8.1 fail/for a user who has %s of certificates, together with other errors', (_title, count) => {
    const decision = decide('administrator', { requireSubjectAlternativeName: 'true' }, { certificate: bad, count });
    expect(decision).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.policyViolation' }, { code: 'errors.certificatePolicyViolated' }],
    });
  });

  it('8.1 fail/the refusal says of what the user has too many', () => {
    const message = 'A user can have at most 100 certificates, and this user has 100.';
    const decision = decide('administrator', {}, { count: 100 });
    expect(decision).toMatchObject({ errors: [{ message: expect.stringContaining(message) as string }] });
  });

  it('8.1 ok/for a user with one less than the maximum', () => {
    expect(decide('administrator', {}, { count: 99 }).kind).toBe('changed');
  });

  it('1.4 ok/the result has the outcome of every evaluated rule', () => {
    expect(decide('selfAdmin', tolerant).outcomes.map(({ rule, passed }) => [rule, passed])).toEqual([
      ['allowCertificateUpload', true],
      ['requireCurrentlyValid', true],
      ['wellFormed', true],
      ['requireSubjectAlternativeName', true],
    ]);
  });
});
