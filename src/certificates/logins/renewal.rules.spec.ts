import { describe, expect, it } from 'vitest';

import { at, certificateOf, credentialOf, later, nameOf, NOW, policyOf } from '../../../test/support/rule-fixtures.js';
import type { CredentialState } from '../../credentials/credential-state.rules.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type DecidedLogin, UNKNOWN_CERTIFICATE } from './login-decision.rules.js';
import { decidedRenewal, findRenewed, notRenewing, renewalRemedy, renewedState } from './renewal.rules.js';

const JANE = nameOf(['O', 'Acme AG'], ['CN', 'Jane Doe']);
const CA = nameOf(['O', 'Acme AG'], ['CN', 'Acme CA']);
const NAMES = { subject: JANE, issuer: CA };

const stored = (
  members: Partial<Certificate> = {},
  columns: Partial<CredentialState> = {},
  { hasOtherUsers = false } = {},
) => ({ certificate: certificateOf({ ...NAMES, ...members }), credential: credentialOf(columns), hasOtherUsers });

/** It begins a month after what `stored` has. */
const renewing = (members: Partial<Certificate> = {}) =>
  certificateOf({ ...NAMES, notBefore: at('2026-02-01T00:00:00Z'), ...members });

const remediesOf = (found: object): readonly string[] => ('remedies' in found ? (found as DecidedLogin).remedies : []);

describe('findRenewed', () => {
  it.each<[string, Partial<Certificate>, Partial<CredentialState>]>([
    ['with its names', {}, {}],
    ['with its names in another case and spacing', { subject: nameOf(['O', 'ACME  ag'], ['CN', ' jane doe']) }, {}],
    ['whose lock has ended', {}, { lock: 'tmp-locked', lockedUntil: NOW }],
  ])('15.5 ok/an active credential %s', (_, members, columns) => {
    const candidate = stored(members, columns);
    expect(findRenewed(renewing(), [candidate], NOW)).toBe(candidate);
  });

  it.each<[string, Partial<Certificate>, Partial<CredentialState>]>([
    ['of another subject', { subject: nameOf(['O', 'Acme AG'], ['CN', 'John Doe']) }, {}],
    ['with its RDNs in another order', { subject: nameOf(['CN', 'Jane Doe'], ['O', 'Acme AG']) }, {}],
    ['of another issuer', { issuer: nameOf(['CN', 'Acme CA']) }, {}],
    ['without a subject', { subject: undefined }, {}],
    ['with an empty subject', { subject: nameOf() }, {}],
    ['without an issuer', { issuer: undefined }, {}],
    ['that is not yet active', {}, { state: 'initial' }],
    ['to be confirmed', {}, { state: 'admin-changed' }],
    ['that is disabled', {}, { state: 'disabled' }],
    ['that is archived', {}, { state: 'archived' }],
    ['that is locked', {}, { lock: 'fail-locked' }],
    ['that is locked for a time', {}, { lock: 'tmp-locked', lockedUntil: later(1) }],
    ['that a newer one ends', {}, { replacedBy: 'newer', disabledOn: later(1) }],
    ['that a newer one has ended', {}, { replacedBy: 'newer', disabledOn: NOW }],
  ])('15.5 fail/a credential %s, as if there were none', (_, members, columns) => {
    expect(findRenewed(renewing(), [stored(members, columns)], NOW)).toBe(UNKNOWN_CERTIFICATE);
  });

  it('15.5 fail/a certificate without a name renews not even one without a name', () => {
    for (const members of [
      { subject: undefined },
      { subject: nameOf() },
      { issuer: undefined },
      { issuer: nameOf() },
    ]) {
      expect(findRenewed(renewing(members), [stored(members)], NOW)).toBe(UNKNOWN_CERTIFICATE);
    }
    expect(findRenewed(renewing(), [], NOW)).toBe(UNKNOWN_CERTIFICATE);
  });

  it.each([
    ['at the same time', at('2026-01-01T00:00:00Z')],
    ['earlier', at('2025-12-31T23:59:59Z')],
  ])('15.5 fail/a certificate that begins %s', (_, notBefore) => {
    const found = findRenewed(renewing({ notBefore }), [stored()], NOW);
    expect(found).toMatchObject({ outcome: 'failed', cause: 'unknown', counts: false });
    expect(remediesOf(found)).toContainEqual(expect.stringContaining('begins later'));
  });

  it('15.5 fail/two active credentials with its names, but one of two if the other is not active', () => {
    const remedies = remediesOf(findRenewed(renewing(), [stored(), stored()], NOW));
    expect(remedies).toContainEqual(expect.stringContaining('Several active'));
    const active = stored();
    expect(findRenewed(renewing(), [stored({}, { state: 'disabled' }), active], NOW)).toBe(active);
  });

  it('15.5 fail/one active credential, if another user has its names as well', () => {
    const found = findRenewed(renewing(), [stored({}, {}, { hasOtherUsers: true })], NOW);
    expect(remediesOf(found)).toContainEqual(expect.stringContaining('Another user'));
  });
});

describe('renewalRemedy', () => {
  const CHAINED = { trustAnchors: 'set' };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['by default', CHAINED],
    ['if its issuer is listed', { ...CHAINED, issuerDNUpdateList: 'CN=Other|CN=acme ca,O=ACME AG' }],
  ])('15.5 ok/%s', (_, parameters) => {
    expect(renewalRemedy(policyOf(parameters), renewing())).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['autoUpdate is false', { ...CHAINED, autoUpdate: 'false' }, 'autoUpdate'],
    ['there are no trustAnchors', {}, 'trustAnchors'],
    ['its issuer is not listed', { ...CHAINED, issuerDNUpdateList: 'CN=Other' }, 'issuerDNUpdateList'],
  ])('15.5 fail/%s', (_, parameters, named) => {
    expect(renewalRemedy(policyOf(parameters), renewing())).toContain(named);
  });

  it('15.5 fail/without an issuer it is in no list', () => {
    const policy = policyOf({ ...CHAINED, issuerDNUpdateList: 'CN=Acme CA,O=Acme AG' });
    expect(renewalRemedy(policy, renewing({ issuer: undefined }))).toContain('issuerDNUpdateList');
  });
});

describe('renewedState', () => {
  it('15.5 has the validity of the new certificate, no failures, the reason renewal, and whoever set the state', () => {
    const before = credentialOf({ successes: 7, failures: 2, failuresSinceLock: 1, detail: 'x', stateSetBy: 'owner' });
    const certificate = renewing({ notAfter: at('2027-02-01T00:00:00Z') });
    expect(renewedState(before, certificate, policyOf(), NOW)).toEqual({
      ...before,
      successes: 0,
      failures: 0,
      failuresSinceLock: 0,
      detail: null,
      reason: 'renewal',
      validFrom: certificate.notBefore,
      validTo: certificate.notAfter,
    });
  });
});

const rule = (name: string, passed: boolean) =>
  ({ rule: name, parameter: name, passed, expected: 'x', found: 'y' }) as DecidedLogin['rules'][number];

describe('decidedRenewal', () => {
  const OK: DecidedLogin = { outcome: 'ok', cause: undefined, counts: false, rules: [], remedies: [] };
  const UNLISTED = rule('certificateUploadAllowedIssuerCNList', false);

  it('15.5 ok/a login that is possible', () => {
    expect(decidedRenewal(OK)).toBe(OK);
    const listed = { ...OK, rules: [rule('certificateUploadAllowedIssuerCNList', true), rule('keyTypes', true)] };
    expect(decidedRenewal(listed)).toBe(listed);
  });

  it('15.5 fail/an issuer that an upload would be disabled for', () => {
    expect(decidedRenewal({ ...OK, rules: [UNLISTED] })).toMatchObject({ outcome: 'failed', cause: UNLISTED.rule });
  });

  it.each<[DecidedLogin['outcome'], string]>([
    ['locked', 'lock'],
    ['disabled', 'user'],
    ['failed', 'validity'],
  ])('15.3, 15.5 fail/a login that is %s fails, keeps its cause, and is never counted', (outcome, cause) => {
    const decided = { ...OK, outcome, cause, counts: true, rules: [UNLISTED] };
    expect(decidedRenewal(decided)).toEqual({ ...decided, outcome: 'failed', counts: false });
  });
});

it('15.5 what prevents a renewal is said beside what an unknown certificate needs', () => {
  expect(notRenewing('Because.')).toEqual({
    ...UNKNOWN_CERTIFICATE,
    remedies: [...UNKNOWN_CERTIFICATE.remedies, 'Because.'],
  });
});
