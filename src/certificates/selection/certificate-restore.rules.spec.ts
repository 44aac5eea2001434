import { describe, expect, it } from 'vitest';

import { revocationEvaluation, type StatusName } from '../../../test/support/revocation-evaluation.js';
import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../../test/support/rule-fixtures.js';
import type { CertificateColumns } from '../certificate-decision.js';
import { decideRestore, type RestoreInput } from './certificate-restore.rules.js';

const DISABLED = { state: 'disabled', stateSetBy: 'administrator', reason: 'changed-by-batchjob' } as const;
const ACTIVE = { state: 'active', reason: 'initialized' } as const;

function decide(
  restored: RestoreInput['restored'],
  row: Partial<CertificateColumns> = DISABLED,
  input: Partial<RestoreInput> = {},
) {
  return decideRestore({
    mode: 'administrator',
    owner: ownerOf(),
    now: NOW,
    credential: credentialOf(row),
    policy: policyOf(),
    restored,
    isUnderPolicy: true,
    ...input,
  });
}

describe('decideRestore', () => {
  it('17.3 brings back what is named and leaves the rest, also of a certificate that the policy would refuse', () => {
    const { sha256 } = certificateOf({ seed: 'other' });
    const row = { ...DISABLED, comment: 'by the job', failures: 2, sha256 };
    const policy = policyOf({ certificateUploadCheck: 'strict', keyTypes: 'RSA:4096' });
    const decision = decide({ ...ACTIVE, comment: 'before', validTo: later(5) }, row, { policy });
    expect(decision).toMatchObject({
      kind: 'changed',
      next: { ...ACTIVE, comment: 'before', validTo: later(5), failures: 2, sha256 },
    });
  });

  it.each([
    [true, ['stateName', 'stateChangeReason']],
    [false, ['policyExtId', 'stateName', 'stateChangeReason']],
  ])('17.3 the policy is named as changed unless it is the one already: %s', (isUnderPolicy, changed) => {
    const decision = decide(ACTIVE, DISABLED, { isUnderPolicy });
    expect(decision.kind === 'changed' && decision.changed.toSorted()).toEqual(changed.toSorted());
  });

  it.each([
    ['user', { owner: ownerOf({ state: 'archived' }) }, DISABLED],
    ['credential', {}, { state: 'archived' }],
  ] as const)('17.3 fail/an archived %s refuses', (_, input, row) => {
    expect(decide(ACTIVE, row, input)).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'errors.recordDeleted' }],
    });
  });

  it.each<[CertificateColumns['state'], StatusName, string, string]>([
    ['active', 'revoked', 'soft', 'refused'],
    ['active', 'revoked', 'hard', 'refused'],
    ['active', 'unknown', 'hard', 'changed'],
    ['active', 'good', 'hard', 'changed'],
    ['active', 'revoked', 'none', 'changed'],
    ['initial', 'revoked', 'hard', 'refused'],
    ['disabled', 'revoked', 'hard', 'changed'],
  ])(
    '13.4, 17.3 back to %s of a certificate that is %s, under revocationCheck=%s: %s',
    (...[state, status, check, kind]) => {
      const row = state === 'disabled' ? { state: 'active' as const } : DISABLED;
      const decision = decide({ state }, row, revocationEvaluation(status, check));
      expect(decision.kind).toBe(kind);
      if (decision.kind === 'refused') {
        expect(decision.errors).toMatchObject([{ rule: 'revocationCheck', field: 'stateName' }]);
      }
    },
  );
});
