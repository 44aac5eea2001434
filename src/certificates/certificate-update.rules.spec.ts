import { describe, expect, it } from 'vitest';

import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import type { CertificateColumns } from './certificate-decision.js';
import {
  decideUpdate,
  type CertificatePatch,
  type CurrentCertificate,
  type UpdateInput,
} from './certificate-update.rules.js';

type Case = Partial<Pick<UpdateInput, 'mode' | 'owner'>> & {
  readonly row?: Partial<CurrentCertificate>;
  readonly policy?: Record<string, string>;
};

function decide(patch: CertificatePatch, { mode = 'administrator', owner = ownerOf(), row, policy }: Case = {}) {
  return decideUpdate({ mode, owner, patch, credential: credentialOf(row), policy: policyOf(policy), now: NOW });
}

function errorsOf(patch: CertificatePatch, circumstances?: Case) {
  const decision = decide(patch, circumstances);
  if (decision.kind !== 'refused') throw new Error(`not refused but ${decision.kind}`);
  return decision.errors;
}

function changeOf(patch: CertificatePatch, circumstances?: Case) {
  const decision = decide(patch, circumstances);
  if (decision.kind !== 'changed') throw new Error(`not changed but ${decision.kind}`);
  return decision;
}

const old = certificateOf({ seed: 'old' });
const newCertificate = certificateOf();
const locked = { lock: 'fail-locked', lockReason: 'too-many-login-failures', failures: 3 } as const;
const replacement = ['certificate'];

describe('decideUpdate, changes without effect', () => {
  it.each<[string, CertificatePatch, Partial<CurrentCertificate>?]>([
    ['ok/nothing', {}],
    ['ok/members without a value', { stateName: undefined, newCertificate: undefined, modificationComment: undefined }],
    ['ok/the same certificate', { newCertificate: old }],
    ['ok/the same state', { stateName: 'active' }],
    ['ok/the current lock', { stateName: 'fail-locked' }, locked],
    ['ok/the state after a lock', { stateName: 'active' }, { lock: 'tmp-locked', lockedUntil: NOW }],
    ['ok/the same comment', { modificationComment: 'as before' }, { comment: 'as before' }],
    ['ok/no comment where there is none', { modificationComment: null }],
    ['ok/the whole record as read', { newCertificate: old, stateName: 'active', modificationComment: null }],
  ])('3.1 %s', (_title, patch, row) => {
    expect(decide(patch, { row: row ?? {} })).toEqual({ kind: 'unchanged', outcomes: [] });
  });

  it('3.1 ok/unchanged members from a self-admin are neither a transition nor an upload', () => {
    const row = { state: 'disabled', stateSetBy: 'administrator' } as const;
    const policy = { allowCertificateUpload: 'false', maxValidityDays: '1' };
    const patch = { newCertificate: old, stateName: 'disabled' } as const;
    expect(decide(patch, { mode: 'selfAdmin', row, policy })).toEqual({ kind: 'unchanged', outcomes: [] });
  });

  it.each<[string, string | null, string | null]>([
    ['ok/set', null, 'lost phone'],
    ['ok/another', 'lost phone', 'found again'],
    ['ok/cleared by null', 'lost phone', null],
  ])('3.1 %s', (_title, comment, modificationComment) => {
    expect(decide({ modificationComment }, { row: { comment } })).toEqual({
      kind: 'changed',
      changes: { comment: modificationComment },
      certificate: undefined,
      changed: ['modificationComment'],
      outcomes: [],
    });
  });

  it('5.3 ok/a change after the end of a lock removes the lock', () => {
    const row = {
      lock: 'tmp-locked',
      lockedUntil: later(-1),
      lockReason: 'too-many-login-failures',
      failures: 2,
    } as const;
    expect(changeOf({ modificationComment: 'x' }, { row }).changes).toEqual({
      comment: 'x',
      lock: null,
      lockedUntil: null,
      lockReason: null,
    });
  });

  it('5.3 ok/a comment does not affect a lock or its counters', () => {
    expect(changeOf({ modificationComment: 'x' }, { row: locked }).changes).toEqual({ comment: 'x' });
  });
});

describe('decideUpdate of an archived record', () => {
  it.each<[string, Case, string]>([
    ['fail/credential', { row: { state: 'archived' } }, 'The credential is archived and can no longer be changed.'],
    ['fail/user', { owner: ownerOf({ state: 'archived' }) }, 'The user is archived and can no longer be changed.'],
  ])('3.9 %s', (_title, circumstances, message) => {
    for (const patch of [{}, { newCertificate }, { stateName: 'active' }] as const) {
      expect(decide(patch, circumstances)).toEqual({
        kind: 'refused',
        errors: [{ code: 'errors.recordDeleted', message }],
        outcomes: [],
      });
    }
  });

  it('3.9 ok/the credential of a disabled user can be changed', () => {
    expect(decide({ stateName: 'disabled' }, { owner: ownerOf({ state: 'disabled' }) }).kind).toBe('changed');
  });
});

describe('decideUpdate with a state', () => {
  it('5.4 ok/the columns and changed members of a state change', () => {
    expect(changeOf({ stateName: 'disabled' }, { row: { stateSetBy: 'owner' } })).toMatchObject({
      changes: { state: 'disabled', stateSetBy: 'administrator', reason: 'changed-by-admin' },
      changed: ['stateName', 'stateChangeReason'],
    });
  });

  it('5.4 ok/a detail that is cleared with its state is named as a change', () => {
    const row = { state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed', detail: 'keyTypes' } as const;
    expect(changeOf({ stateName: 'active' }, { row })).toMatchObject({
      changes: { state: 'active', stateSetBy: 'administrator', reason: 'changed-by-admin', detail: null },
      changed: ['stateName', 'stateChangeReason', 'stateChangeDetail'],
    });
  });

  it('5.1 fail/a self-admin cannot activate a disabled credential', () => {
    const row = { state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed' } as const;
    expect(errorsOf({ stateName: 'active' }, { mode: 'selfAdmin', row })).toEqual([
      {
        code: 'errors.stateTransitionDenied',
        message: 'The state may not be changed from disabled to active.',
        field: 'stateName',
      },
    ]);
  });

  it('5.1 fail/a self-admin cannot unlock; the lock counts, not the state under it', () => {
    const row = { ...locked, state: 'initial' } as const;
    expect(errorsOf({ stateName: 'active' }, { mode: 'selfAdmin', row })[0].message).toBe(
      'The state may not be changed from fail-locked to active.',
    );
  });

  it('5.2 ok/a lock that replaces another lock', () => {
    expect(
      changeOf({ stateName: 'tmp-locked' }, { row: locked, policy: { tmpLockingDuration: '5000' } }),
    ).toMatchObject({
      changes: { lock: 'tmp-locked', lockedUntil: later(5000), lockReason: 'changed-by-admin', failures: 0 },
      changed: ['stateName', 'stateChangeReason'],
    });
  });
});

describe('decideUpdate with a new certificate', () => {
  it('6.5 ok/it sets the validity, resets the counters and keeps the state', () => {
    const row = { state: 'initial', reason: 'initialized', failures: 1, failuresSinceLock: 1, successes: 9 } as const;
    const renewed = certificateOf({ notBefore: later(-1000), notAfter: later(1_000_000) });
    expect(changeOf({ newCertificate: renewed }, { row })).toEqual({
      kind: 'changed',
      changes: {
        failures: 0,
        failuresSinceLock: 0,
        successes: 0,
        validFrom: renewed.notBefore,
        validTo: renewed.notAfter,
      },
      certificate: renewed,
      changed: ['certificate', 'validity'],
      outcomes: [],
    });
  });

  it('2.8 ok/an end of the validity that stays is not written', () => {
    const [validFrom, validTo] = [new Date(newCertificate.notBefore), later(0)];
    const { changes } = changeOf({ newCertificate }, { row: { validFrom, validTo } });
    expect([Object.hasOwn(changes, 'validFrom'), changes.validTo]).toEqual([false, newCertificate.notAfter]);
  });

  it('2.8 ok/the validity is named as changed if one end changes, and only then', () => {
    expect(changeOf({ newCertificate }).changed).toEqual(replacement);
    for (const moved of [{ notBefore: later(-1) }, { notAfter: later(1) }]) {
      expect(changeOf({ newCertificate: certificateOf(moved) }).changed).toEqual(['certificate', 'validity']);
    }
  });

  it.each<[string, string, Date, Date]>([
    ['ok/the lifetime ends first', '1000', later(2000), later(1000)],
    ['ok/the certificate ends first', '3000', later(2000), later(2000)],
    ['ok/both at once', '2000', later(2000), later(2000)],
    ['ok/a certificate that ends after all dates', '3153600000000', new Date(8.64e15), later(3_153_600_000_000)],
  ])('2.8 %s', (_title, credentialLifetime, notAfter, validTo) => {
    const decision = changeOf({ newCertificate: certificateOf({ notAfter }) }, { policy: { credentialLifetime } });
    expect(decision.changes.validTo).toEqual(validTo);
  });

  it.each<[string, Partial<CurrentCertificate>]>([
    ['ok/a lock by failures', locked],
    ['ok/a lock by an administrator', { lock: 'tmp-locked', lockedUntil: later(1), lockReason: 'changed-by-admin' }],
  ])('6.5 %s is not ended', (_title, row) => {
    const { changes, changed } = changeOf(
      { newCertificate },
      { row, policy: { certificateUploadAllowedIssuerCNList: 'Acme CA' } },
    );
    expect(changed).toEqual(replacement);
    expect(changes).not.toHaveProperty('lock');
    expect(changes).not.toHaveProperty('state');
  });

  it.each<[string, CertificatePatch['stateName'], Partial<CurrentCertificate>, Partial<CertificateColumns>]>([
    ['ok/a new certificate with another state', 'initial', {}, { state: 'initial', reason: 'cert-uploaded' }],
    [
      'ok/a new certificate with activation',
      'active',
      { state: 'initial' },
      { state: 'active', reason: 'cert-uploaded' },
    ],
    [
      'ok/a new certificate with an unlock',
      'active',
      locked,
      { lock: null, lockReason: null, reason: 'cert-uploaded' },
    ],
    ['ok/a new certificate with a lock', 'fail-locked', {}, { lock: 'fail-locked', lockReason: 'cert-uploaded' }],
  ])('5.4 %s in the same request', (_title, stateName, row, changes) => {
    expect(changeOf({ newCertificate, stateName }, { row }).changes).toMatchObject(changes);
  });
});

describe('decideUpdate by a self-admin with a new certificate', () => {
  const mode = 'selfAdmin';

  it.each<[string, Partial<CurrentCertificate>]>([
    ['ok/active', {}],
    ['ok/disabled by the owner', { state: 'disabled', stateSetBy: 'owner' }],
    ['ok/disabled by the policy', { state: 'disabled', stateSetBy: 'policy', reason: 'policy-check-failed' }],
    ['ok/after a lock', { lock: 'tmp-locked', lockedUntil: NOW }],
  ])('5.1 %s', (_title, row) => {
    expect(decide({ newCertificate }, { mode, row }).kind).toBe('changed');
  });

  it.each<[string, Partial<CurrentCertificate>, string]>([
    ['fail/locked', locked, 'fail-locked'],
    ['fail/disabled by an administrator', { state: 'disabled' }, 'disabled'],
    ['fail/disabled while locked', { state: 'disabled', stateSetBy: 'ownerOutOfLock' }, 'disabled'],
  ])('5.1 %s', (_title, row, state) => {
    expect(errorsOf({ newCertificate }, { mode, row })).toEqual([
      {
        code: 'errors.stateTransitionDenied',
        message: `The certificate may not be replaced while the credential is ${state}.`,
        field: 'certificate',
      },
    ]);
  });

  it('6 fail/the policy forbids uploads by users', () => {
    expect(errorsOf({ newCertificate }, { mode, policy: { allowCertificateUpload: 'false' } })).toEqual([
      {
        code: 'errors.certificatePolicyViolated',
        message:
          'The policy does not allow this certificate: allowCertificateUpload: expected a policy that allows users to register their own certificates, found it does not allow this.',
        field: 'certificate',
        rule: 'allowCertificateUpload',
        parameter: 'allowCertificateUpload',
        expected: 'a policy that allows users to register their own certificates',
        found: 'it does not allow this',
        remedy: 'Ask an administrator to register the certificate.',
      },
    ]);
  });

  it('6 ok/an administrator may upload, and the rule is not evaluated', () => {
    const decision = changeOf({ newCertificate }, { policy: { allowCertificateUpload: 'false' } });
    expect(decision.outcomes).toEqual([]);
  });

  it('6 ok/the policy forbids only certificates', () => {
    const policy = { allowCertificateUpload: 'false' };
    expect(decide({ stateName: 'disabled' }, { mode, policy }).kind).toBe('changed');
  });

  it('1.4 ok/a self-admin gets the outcome of the upload rule', () => {
    expect(changeOf({ newCertificate }, { mode }).outcomes).toMatchObject([
      { rule: 'allowCertificateUpload', passed: true, found: 'it allows this' },
    ]);
  });

  it('6.4 fail/denied transitions and every violation are reported together', () => {
    const policy = { allowCertificateUpload: 'false', keyTypes: 'Ed25519', maxValidityDays: '1' };
    const row = { state: 'disabled', stateSetBy: 'administrator' } as const;
    const errors = errorsOf({ newCertificate, stateName: 'active' }, { mode, row, policy });
    expect(errors.map(({ code, field, rule }) => [code, field, rule])).toEqual([
      ['errors.stateTransitionDenied', 'stateName', undefined],
      ['errors.stateTransitionDenied', 'certificate', undefined],
      ['errors.certificatePolicyViolated', 'certificate', 'allowCertificateUpload'],
      ['errors.certificatePolicyViolated', 'certificate', 'keyTypes'],
      ['errors.certificatePolicyViolated', 'certificate', 'maxValidityDays'],
    ]);
  });
});
