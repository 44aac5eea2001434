import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { certificateOf, credentialOf, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import { decideUpdate, type CurrentCertificate } from '../certificates/certificate-update.rules.js';
import { decidePasswordUpdate } from '../passwords/password-update.rules.js';
import { readPasswordPolicy } from '../policies/password-policy.rules.js';
import { ASSIGNABLE_STATES, effectiveState, stateAt, type AssignableState } from './credential-state.rules.js';
import { afterFailure, afterSuccess, canLogIn } from './login.rules.js';
import { mayRemoveSecret, type CallerMode } from './state-change.rules.js';

// Requests of administrators and of the owner, logins and waiting, in any order.

const LOCKING = { maxCredFailureCount: '3', tmpLockingThreshold: '2', tmpLockingDuration: '60000' };
const TOLERANT = policyOf({ ...LOCKING, certificateUploadCheck: 'tolerant', keyTypes: 'EC:P-256' });
const PASSWORDS = readPasswordPolicy(LOCKING).policy;

interface Patch {
  readonly kind: 'patch';
  readonly mode: CallerMode;
  readonly stateName: AssignableState | undefined;
  /** The certificate or password that is sent: one that is allowed, or one that violates the policy. */
  readonly secret: 'none' | 'allowed' | 'violating';
  readonly seed: number;
}

type Step =
  | Patch
  | { readonly kind: 'failure' }
  | { readonly kind: 'success' }
  | { readonly kind: 'wait'; readonly ms: number };

type Update = (credential: CurrentCertificate, patch: Patch, now: Date) => CurrentCertificate;

/** A refused request changes nothing. */
const updateCertificate: Update = (credential, { mode, stateName, secret, seed }, now) => {
  const key = secret === 'allowed' ? {} : { publicKey: { type: 'RSA', bits: 1024, curve: undefined } as const };
  const newCertificate = secret === 'none' ? undefined : certificateOf({ seed: `${secret} ${seed}`, ...key });
  const patch = { stateName, newCertificate };
  const decision = decideUpdate({ mode, credential, patch, policy: TOLERANT, owner: ownerOf(), now });
  if (decision.kind !== 'changed') return credential;
  return { ...credential, ...decision.changes, sha256: decision.certificate?.sha256 ?? credential.sha256 };
};

const updatePassword: Update = (credential, { mode, stateName, secret }, now) => {
  if (PASSWORDS === undefined) throw new Error('the policy cannot be read');
  const texts = { none: undefined, allowed: 'correct horse battery staple', violating: '' };
  const patch = { stateName, password: texts[secret] };
  const decision = decidePasswordUpdate({ mode, credential, patch, policy: PASSWORDS, owner: ownerOf(), now });
  return decision.kind === 'changed' ? { ...credential, ...decision.next } : credential;
};

interface Situation {
  readonly credential: CurrentCertificate;
  readonly now: Date;
}

function after({ credential, now }: Situation, step: Step, update: Update): Situation {
  switch (step.kind) {
    case 'wait':
      return { credential, now: new Date(now.getTime() + step.ms) };
    case 'failure':
      return { credential: { ...credential, ...afterFailure(credential, TOLERANT.locking, now) }, now };
    case 'success':
      return { credential: { ...credential, ...afterSuccess(credential, now) }, now };
    default:
      return { credential: update(credential, step, now), now };
  }
}

function patchBy(mode: CallerMode, ...states: readonly (AssignableState | undefined)[]): fc.Arbitrary<Patch> {
  return fc.record({
    kind: fc.constant('patch'),
    mode: fc.constant(mode),
    stateName: fc.constantFrom(...states),
    secret: fc.constantFrom('none', 'none', 'allowed', 'violating'),
    seed: fc.nat(3),
  });
}

const others: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'failure' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'success' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(0, 1, 59_999, 60_000) }) },
);
const byOwner = fc.oneof(patchBy('selfAdmin', undefined, ...ASSIGNABLE_STATES), others);
const byAnyone = fc.oneof(byOwner, patchBy('administrator', undefined, ...ASSIGNABLE_STATES));

const update = fc.constantFrom(updateCertificate, updatePassword);

/** A credential after any history. */
const begun = fc.tuple(update, fc.array(byAnyone, { maxLength: 8 })).map(([by, steps]) => ({
  by,
  situation: steps.reduce<Situation>((one, step) => after(one, step, by), { credential: credentialOf(), now: NOW }),
}));

const isUsableOrRemovable = ({ credential, now }: Situation) =>
  canLogIn(credential, now) || mayRemoveSecret('selfAdmin', credential, now);

const RUNS = { numRuns: 500 };

function expectHeld(start: Situation, steps: readonly Step[], by: Update, end?: Date | null): void {
  let situation = start;
  expect(isUsableOrRemovable(situation)).toBe(false);
  for (const step of steps) {
    situation = after(situation, step, by);
    if (end instanceof Date && end <= situation.now) return;
    expect(isUsableOrRemovable(situation)).toBe(false);
  }
}

describe('5.1 a self-admin', () => {
  const ownSteps = fc.array(byOwner, { maxLength: 10 });

  test('with any actions, logins and time, does not leave a state that an administrator has set to hold them', () => {
    const hold = patchBy('administrator', 'disabled', 'reset-code', 'fail-locked');
    fc.assert(
      fc.property(begun, hold, ownSteps, ({ by, situation }, request, steps) => {
        // A refused request sets no state.
        const allowed = by === updatePassword && request.secret === 'violating' ? 'none' : request.secret;
        expectHeld(after(situation, { ...request, secret: allowed }, by), steps, by);
      }),
      RUNS,
    );
  });

  test('does not leave a temporary lock before its end', () => {
    fc.assert(
      fc.property(begun, patchBy('administrator', 'tmp-locked'), ownSteps, ({ by, situation }, request, steps) => {
        const locked = after(situation, { ...request, secret: 'none' }, by);
        expect(effectiveState(locked.credential, locked.now).stateName).toBe('tmp-locked');
        expectHeld(locked, steps, by, locked.credential.lockedUntil);
      }),
      RUNS,
    );
  });

  test('does not leave a lock after too many failures, which only an administrator ends', () => {
    fc.assert(
      fc.property(begun, ownSteps, ({ by, situation: { credential, now } }, steps) => {
        const lock = afterFailure(credential, { ...TOLERANT.locking, maxCredFailureCount: 1 }, now);
        fc.pre(lock !== undefined);
        expectHeld({ credential: { ...credential, ...lock }, now }, steps, by);
      }),
      RUNS,
    );
  });
});

test('5.1 an administrator can make any credential usable with one request', () => {
  const request = { kind: 'patch', mode: 'administrator', stateName: 'active', secret: 'allowed', seed: 9 } as const;
  fc.assert(
    fc.property(begun, ({ by, situation }) => {
      const { credential, now } = after(situation, request, by);
      expect(canLogIn(credential, now)).toBe(true);
    }),
    RUNS,
  );
});

test('3.1 a state that is sent twice has the effect of being sent once', () => {
  const request = fc.oneof(
    ...(['selfAdmin', 'administrator'] as const).map((mode) => patchBy(mode, ...ASSIGNABLE_STATES)),
  );
  fc.assert(
    fc.property(begun, request, ({ by, situation }, sent) => {
      const once = after(situation, { ...sent, secret: 'none' }, by);
      expect(after(once, { ...sent, secret: 'none' }, by)).toEqual(once);
    }),
    RUNS,
  );
});

test('3.1 an owner who sends back the state that was read changes nothing', () => {
  fc.assert(
    fc.property(begun, ({ by, situation }) => {
      const stateName = effectiveState(situation.credential, situation.now).stateName as AssignableState;
      const request = { kind: 'patch', mode: 'selfAdmin', stateName, secret: 'none', seed: 0 } as const;
      expect(after(situation, request, by)).toEqual(situation);
    }),
    RUNS,
  );
});

test('5.3 a lock that has ended is the same as none', () => {
  fc.assert(
    fc.property(begun, ({ situation: { credential, now } }) => {
      const without = stateAt(credential, now);
      expect(effectiveState(without, now)).toEqual(effectiveState(credential, now));
      expect(canLogIn(without, now)).toBe(canLogIn(credential, now));
      expect(mayRemoveSecret('selfAdmin', without, now)).toBe(mayRemoveSecret('selfAdmin', credential, now));
    }),
    RUNS,
  );
});
