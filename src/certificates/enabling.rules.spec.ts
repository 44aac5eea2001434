import { describe, expect, it } from 'vitest';

import { PROVEN, revocationEvaluation, type StatusName } from '../../test/support/revocation-evaluation.js';
import { credentialOf, NOW, ownerOf } from '../../test/support/rule-fixtures.js';
import {
  type CertificatePatch,
  type CurrentCertificate,
  decideUpdate,
  isEnabledBy,
} from './certificate-update.rules.js';

interface Case {
  readonly mode?: 'administrator' | 'selfAdmin';
  readonly status?: StatusName;
  readonly revocationCheck?: 'soft' | 'hard';
  readonly row?: Partial<CurrentCertificate>;
}

const REVOKED = { state: 'disabled', stateSetBy: 'policy', reason: 'cert-revoked', detail: 'revoked' } as const;

function decide(
  patch: CertificatePatch,
  { mode = 'administrator', status = 'revoked', revocationCheck = 'hard', row }: Case,
) {
  return decideUpdate({
    mode,
    owner: ownerOf(),
    patch,
    credential: credentialOf(row ?? REVOKED),
    now: NOW,
    ...revocationEvaluation(status, revocationCheck),
  });
}

const isEnabled = (stateName: CertificatePatch['stateName'], row: Partial<CurrentCertificate>) =>
  isEnabledBy('administrator', credentialOf(row), stateName, NOW);

describe('13.4 a state that allows logins, for a certificate that is revoked', () => {
  it.each<readonly [string, CertificatePatch['stateName'], Partial<CurrentCertificate>]>([
    ['active, after the policy has disabled it', 'active', REVOKED],
    ['initial', 'initial', REVOKED],
    ['admin-changed', 'admin-changed', REVOKED],
    ['active, after a person has disabled it', 'active', { state: 'disabled', stateSetBy: 'administrator' }],
    ['active, instead of a lock', 'active', { lock: 'fail-locked', lockReason: 'too-many-login-failures' }],
    ['active, out of reset-code', 'active', { state: 'reset-code' }],
    ['admin-changed, which allows logins like the state before', 'admin-changed', {}],
  ])('13.4 %s is refused with the outcome', (_, stateName, row) => {
    for (const revocationCheck of ['soft', 'hard'] as const) {
      expect(decide({ stateName }, { row, revocationCheck })).toMatchObject({
        kind: 'refused',
        errors: [
          {
            code: 'errors.certificatePolicyViolated',
            field: 'stateName',
            rule: 'revocationCheck',
            found: 'CN=Jane Doe is revoked (keyCompromise)',
            remedy: 'Have a new certificate issued.',
          },
        ],
        outcomes: [{ rule: 'revocationCheck', passed: false }],
      });
    }
  });

  it('13.4 good and unknown allow it, an exceeded budget does not', () => {
    for (const status of ['good', 'unknown'] as const) {
      expect(decide({ stateName: 'active' }, { status })).toMatchObject({
        kind: 'changed',
        changes: { state: 'active', stateSetBy: 'administrator', reason: 'changed-by-admin', detail: null },
        outcomes: [{ rule: 'revocationCheck', passed: true }],
      });
    }
    expect(decide({ stateName: 'active' }, { status: 'budget' }).kind).toBe('refused');
  });

  it('5.1, 13.4 a user learns of both, that they may not enable it and that it is revoked', () => {
    const decision = decide({ stateName: 'active' }, { mode: 'selfAdmin' });
    expect(decision.kind === 'refused' && decision.errors.map(({ code }) => code)).toEqual([
      'errors.stateTransitionDenied',
      'errors.certificatePolicyViolated',
    ]);
    const row = { state: 'initial' } as const;
    expect(decide({ stateName: 'active' }, { mode: 'selfAdmin', row }).kind).toBe('refused');
    expect(decide({ stateName: 'active' }, { mode: 'selfAdmin', row, status: 'good' }).kind).toBe('changed');
  });

  it('13.4 states that allow no logins are not asked about', () => {
    for (const stateName of ['disabled', 'reset-code', 'tmp-locked', 'fail-locked'] as const) {
      expect(decide({ stateName }, { row: {} })).toMatchObject({ kind: 'changed', outcomes: [] });
    }
    expect(decide({ modificationComment: 'only this' }, { row: {} })).toMatchObject({ kind: 'changed', outcomes: [] });
    expect(decide({ stateName: 'active' }, { row: {} })).toEqual({ kind: 'unchanged', outcomes: [] });
  });

  it('3.1, 13.4 the evidence is gathered exactly where it decides', () => {
    expect(isEnabled('active', REVOKED)).toBe(true);
    expect(isEnabled('active', {})).toBe(false);
    expect(isEnabled('active', { lock: 'tmp-locked', lockedUntil: NOW })).toBe(false);
    expect(isEnabled('disabled', {})).toBe(false);
    expect(isEnabled(undefined, REVOKED)).toBe(false);
  });

  it('6.4, 13.4 a replacement that passes enables it, and one that is revoked does not', () => {
    expect(decide({ newCertificate: PROVEN }, { status: 'good' })).toMatchObject({
      kind: 'changed',
      changes: { state: 'active', reason: 'cert-uploaded', detail: null },
    });
    expect(decide({ newCertificate: PROVEN, stateName: 'active' }, {}).kind).toBe('refused');
  });
});
