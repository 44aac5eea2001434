import { describe, expect, test } from 'vitest';

import { type PlannedLine, planLine, type StoredCertificate } from './import-line.rules.js';

const ONE = Buffer.from('01', 'hex');
const OTHER = Buffer.from('02', 'hex');
const USER = { isTechnicalUser: false };

const STORED: StoredCertificate = {
  extId: 'cert-1',
  userExtId: 'jane',
  policyExtId: 'strict',
  sha256: ONE,
  stateName: 'active',
  reason: 'initialized',
};

function lineOf(certificate: Partial<PlannedLine['certificate']> | undefined, user: PlannedLine['user'] = {}) {
  const sent = { extId: undefined, sha256: undefined, policyExtId: undefined, stateName: undefined, ...certificate };
  return { userExtId: 'jane', user, certificate: certificate === undefined ? undefined : sent };
}

function refusalsOf(...[line, user, certificate]: Parameters<typeof planLine>): readonly string[] {
  const plan = planLine(line, user, certificate);
  return plan.kind === 'planned' ? [] : plan.errors.map(({ code, field }) => `${code} ${field}`);
}

describe('the user of a line', () => {
  test.each([
    ['ok/a new one is created', {}, undefined, 'create'],
    ['ok/a new application is created', { isTechnicalUser: true }, undefined, 'create'],
    ['ok/a stored one is changed', {}, USER, 'change'],
    ['ok/what cannot be changed is as it is', { isTechnicalUser: false }, USER, 'change'],
  ] as const)('%s', (_title, sent, stored, user) => {
    expect(planLine(lineOf(undefined, sent), stored, undefined)).toEqual({
      kind: 'planned',
      user,
      certificate: 'none',
    });
  });

  test('ok/a line without members of the user does not change one', () => {
    expect(planLine({ ...lineOf({ sha256: ONE }), user: undefined }, USER, undefined)).toMatchObject({ user: 'none' });
  });

  test('fail/a line without members of the user does not make one', () => {
    const line = { ...lineOf({ sha256: ONE }), user: undefined };
    expect(refusalsOf(line, undefined, undefined)).toEqual(['errors.noRecord userExtId']);
  });

  test('fail/an application stays an application', () => {
    expect(refusalsOf(lineOf(undefined, { isTechnicalUser: true }), USER, undefined)).toEqual([
      'errors.invalidData isTechnicalUser',
    ]);
  });
});

const change = (stateName?: string) => ({ changed: 'cert-1', stateName });

describe('the certificate of a line', () => {
  const byPolicy = { stateName: 'disabled', reason: 'policy-check-failed' } as const;
  const byPerson = { stateName: 'disabled', reason: 'changed-by-admin' } as const;
  const archived = { stateName: 'archived' } as const;

  test.each([
    ['ok/a new one is created', { sha256: ONE }, undefined, 'create'],
    ['ok/a new one with a name is created', { sha256: ONE, extId: 'cert-1' }, undefined, 'create'],
    ['ok/the stored one is compared', { sha256: ONE }, {}, change()],
    ['ok/another certificate replaces it', { sha256: OTHER, extId: 'cert-1' }, {}, change()],
    ['ok/only the state changes', { extId: 'cert-1', stateName: 'disabled' }, {}, change('disabled')],
    ['ok/the policy is the stored one', { sha256: ONE, policyExtId: 'strict' }, {}, change()],
    ['ok/what a person disabled is enabled', { sha256: ONE, stateName: 'active' }, byPerson, change('active')],
    ['ok/what the policy disabled stays disabled', { sha256: ONE, stateName: 'active' }, byPolicy, change()],
    [
      'ok/another certificate is evaluated anew',
      { extId: 'cert-1', sha256: OTHER, stateName: 'active' },
      byPolicy,
      change('active'),
    ],
    ['ok/an archived one stays as it is', { sha256: ONE, stateName: 'archived' }, archived, 'none'],
    [
      'ok/of another state, the single change decides',
      { sha256: ONE, stateName: 'active' },
      archived,
      change('active'),
    ],
  ] as const)('%s', (_title, sent, stored, certificate) => {
    const found = stored === undefined ? undefined : { ...STORED, ...stored };
    expect(planLine(lineOf(sent), USER, found)).toEqual({ kind: 'planned', user: 'change', certificate });
  });

  test.each([
    ['fail/an unknown one without a certificate', { extId: 'cert-2' }, undefined, ['errors.noRecord certificateExtId']],
    [
      'fail/the extId of another user',
      { extId: 'cert-1', sha256: ONE },
      { userExtId: 'john' },
      ['errors.duplicateValue certificateExtId'],
    ],
    [
      'fail/the certificate of another user',
      { sha256: ONE },
      { userExtId: 'john' },
      ['errors.certificateExists certificate'],
    ],
    [
      'fail/another policy and archiving, both named',
      { sha256: ONE, policyExtId: 'other', stateName: 'archived' },
      {},
      ['errors.invalidData policyExtId', 'errors.stateTransitionDenied stateName'],
    ],
  ] as const)('%s', (_title, sent, stored, refusals) => {
    const found = stored === undefined ? undefined : { ...STORED, ...stored };
    expect(refusalsOf(lineOf(sent), USER, found)).toEqual(refusals);
  });

  test('fail/errors of user and certificate are named together', () => {
    expect(refusalsOf({ ...lineOf({ extId: 'cert-2' }), user: undefined }, undefined, undefined)).toHaveLength(2);
  });
});
