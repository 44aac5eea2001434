import { describe, expect, it } from 'vitest';

import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../../test/support/rule-fixtures.js';
import { authority, endEntity } from '../../../test/support/signed-certificate.js';
import type { CredentialState } from '../../credentials/credential-state.rules.js';
import { prepareAnchors } from '../../x509/path/prepared-anchors.js';
import type { RevocationStatus } from '../../x509/revocation/revocation-status.js';
import { EXHAUSTED, MISSING } from '../../x509/revocation/unknown-cause.js';
import type { TrustEvaluation } from '../policy-evaluation.rules.js';
import { searchPath } from '../trust-anchors.rules.js';
import { decideLogin, type LoginInput } from './login-decision.rules.js';
import { usableUntil } from './usable-until.rules.js';

const STRICT = policyOf({ certificateUploadCheck: 'strict' });

const login = (members: Partial<LoginInput> = {}) => {
  const given = {
    certificate: certificateOf(),
    credential: credentialOf(),
    owner: ownerOf(),
    policy: STRICT,
    now: NOW,
  };
  const { outcome, cause, counts } = decideLogin({ ...given, ...members });
  return { outcome, cause, counts };
};

const OK = { outcome: 'ok', cause: undefined, counts: false };
const LOCKED = { outcome: 'locked', cause: 'lock', counts: false };
const DISABLED = { outcome: 'disabled', cause: 'state', counts: false };
const USER = { outcome: 'disabled', cause: 'user', counts: false };
const INVALID = { outcome: 'failed', cause: 'validity', counts: true };

const root = authority('Root');
const leaf = endEntity(root).certificate;
const OLD = { notBefore: '200101000000Z', notAfter: '210101000000Z' };
const CHAINED = policyOf({ certificateUploadCheck: 'strict', trustAnchors: 'set', revocationCheck: 'hard' });

function pathTo(anchor: typeof root | undefined, certificate = leaf): Partial<LoginInput> {
  const prepared = anchor && prepareAnchors([anchor.certificate], []);
  const set = prepared && { name: 'Corporate', prepared };
  return { certificate, policy: CHAINED, searchedPath: searchPath(certificate, CHAINED, set, NOW) };
}

const known = (...statuses: readonly RevocationStatus[]): Partial<LoginInput> => {
  const revocation = statuses.map((status) => ({ certificate: leaf, status, failed: [] }));
  return { ...pathTo(root), revocation };
};

const GOOD: RevocationStatus = { status: 'good', evidence: [] };
const REVOKED: RevocationStatus = { status: 'revoked', reason: 'keyCompromise', revocationDate: NOW, evidence: [] };

describe('decideLogin', () => {
  it.each<[string, Partial<CredentialState>, object]>([
    ['active', {}, OK],
    ['initial', { state: 'initial' }, OK],
    ['admin-changed', { state: 'admin-changed' }, OK],
    ['whose lock has ended', { lock: 'tmp-locked', lockedUntil: NOW }, OK],
    ['locked', { lock: 'fail-locked' }, LOCKED],
    ['locked for a time', { lock: 'tmp-locked', lockedUntil: later(1) }, LOCKED],
    ['locked and disabled', { lock: 'fail-locked', state: 'disabled' }, LOCKED],
    ['disabled', { state: 'disabled' }, DISABLED],
    [
      'disabled by the policy over a lock',
      { state: 'disabled', lock: 'fail-locked', stateSetBy: 'policyOverLock' },
      DISABLED,
    ],
    ['active over a lock that is not shown', { lock: 'fail-locked', stateSetBy: 'policyOverLock' }, DISABLED],
    ['waiting for a reset code', { state: 'reset-code' }, DISABLED],
    ['archived', { state: 'archived' }, DISABLED],
  ])('15.2 a credential that is %s', (_title, columns, expected) => {
    expect(login({ credential: credentialOf(columns) })).toEqual(expected);
  });

  it.each<[string, Partial<LoginInput>, object]>([
    ['a user who is disabled', { owner: ownerOf({ state: 'disabled' }) }, USER],
    ['a user who is no longer valid', { owner: { ...ownerOf(), validTo: later(-1) } }, USER],
    ['a user who is not valid yet', { owner: { ...ownerOf(), validFrom: later(1) } }, USER],
    ['a credential that is no longer valid', { credential: credentialOf({ validTo: later(-1) }) }, INVALID],
    ['a credential that is not valid yet', { credential: credentialOf({ validFrom: later(1) }) }, INVALID],
    [
      'a certificate that has ended, whatever the credential says',
      { certificate: certificateOf({ notAfter: later(-1) }) },
      INVALID,
    ],
    ['a certificate that has not begun', { certificate: certificateOf({ notBefore: later(1) }) }, INVALID],
    [
      'a rule of the policy',
      { policy: policyOf({ certificateUploadCheck: 'strict', keyTypes: 'RSA:2048' }) },
      { outcome: 'failed', cause: 'keyTypes', counts: true },
    ],
    ['a path', { ...pathTo(root), ...known(GOOD) }, OK],
    ['no path', pathTo(authority('Other')), { outcome: 'failed', cause: 'trustAnchors', counts: true }],
    [
      'an anchor that has ended',
      pathTo(authority('Root', { keys: root.keys, ...OLD })),
      { outcome: 'failed', cause: 'trustAnchors', counts: false },
    ],
    ['a set that cannot be read', pathTo(undefined), { outcome: 'failed', cause: 'trustAnchors', counts: false }],
    ['a revoked certificate', known(REVOKED), { outcome: 'failed', cause: 'revocationCheck', counts: true }],
    [
      'an unknown status',
      known({ status: 'unknown', ...MISSING, evidence: [] }),
      { outcome: 'failed', cause: 'revocationCheck', counts: false },
    ],
    [
      'an exceeded budget',
      known({ status: 'unknown', ...EXHAUSTED, evidence: [] }),
      { outcome: 'failed', cause: 'revocationCheck', counts: false },
    ],
  ])('15.2, 15.3 %s', (_title, members, expected) => {
    expect(login(members)).toEqual(expected);
  });

  it('15.2 the first cause decides, in the order lock, state, user, validity, policy, path, revocation', () => {
    let members: Partial<LoginInput> = {
      ...pathTo(authority('Other')),
      policy: policyOf({ certificateUploadCheck: 'strict', trustAnchors: 'set', keyTypes: 'RSA:2048' }),
      credential: credentialOf({ lock: 'fail-locked', state: 'disabled', validTo: later(-1) }),
      owner: ownerOf({ state: 'disabled' }),
    };
    const causes = [login(members).cause];
    for (const next of [
      { credential: credentialOf({ state: 'disabled', validTo: later(-1) }) },
      { credential: credentialOf({ validTo: later(-1) }) },
      { owner: ownerOf() },
      { credential: credentialOf() },
      { policy: policyOf({ certificateUploadCheck: 'strict', trustAnchors: 'set' }) },
      known(REVOKED),
    ]) {
      members = { ...members, ...next };
      causes.push(login(members).cause);
    }
    expect(causes).toEqual(['lock', 'state', 'user', 'validity', 'keyTypes', 'trustAnchors', 'revocationCheck']);
  });

  it('15.2 a budget that the search for a path exceeds is no failure of the certificate', () => {
    const { searchedPath, ...rest } = pathTo(authority('Other'));
    if (searchedPath?.result?.proven !== false) throw new Error('There is a path.');
    const exceeded = { ...searchedPath, result: { ...searchedPath.result, reason: 'budget' as const } };
    expect(login({ ...rest, searchedPath: exceeded })).toEqual({
      outcome: 'failed',
      cause: 'trustAnchors',
      counts: false,
    });
  });
});

describe('usableUntil', () => {
  const certificate = { notAfter: later(100) };
  const until = (members: Partial<Parameters<typeof usableUntil>[0]> = {}) =>
    usableUntil({ certificate, credential: { validTo: null, disabledOn: null }, owner: {}, ...members });

  it('15.2 is the earliest end of certificate, credential and user', () => {
    expect(until()).toEqual(later(100));
    expect(until({ credential: { validTo: later(50), disabledOn: null }, owner: { validTo: later(70) } })).toEqual(
      later(50),
    );
    expect(until({ credential: { validTo: later(90), disabledOn: null }, owner: { validTo: later(70) } })).toEqual(
      later(70),
    );
  });

  it('15.2 nor later than the end of a certificate of the path', () => {
    const ending = authority('Root', { keys: root.keys, notAfter: '261201000000Z' });
    const { searchedPath } = pathTo(ending);
    expect(until({ certificate: leaf, searchedPath } satisfies Partial<TrustEvaluation & LoginInput>)).toEqual(
      new Date('2026-12-01T00:00:00Z'),
    );
  });
});
