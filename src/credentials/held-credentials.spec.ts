import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { certificateOf, credentialOf, later, NOW, ownerOf, policyOf } from '../../test/support/rule-fixtures.js';
import { decideCreate } from '../certificates/certificate-creation.rules.js';
import { type CurrentCertificate, decideUpdate } from '../certificates/certificate-update.rules.js';
import {
  ASSIGNABLE_STATES,
  type AssignableState,
  effectiveState,
  NO_LOCK,
  type StateSetBy,
} from './credential-state.rules.js';
import { afterFailure, canLogIn } from './login.rules.js';
import type { CallerMode } from './state-change.rules.js';
import { checkDeletion, checkReplacement } from './state-refusals.rules.js';

// Requests of owner and administrators for one credential, in any order. The expected state is computed from the requests
// only, not from the columns that the rules store.

const owner = ownerOf();

const CERTIFICATES = {
  first: certificateOf({ seed: 'first' }),
  second: certificateOf({ seed: 'second' }),
  violating: certificateOf({ seed: 'violating', notAfter: new Date('2036-01-01T00:00:00Z') }),
};
type CertificateName = keyof typeof CERTIFICATES;

const POLICIES = {
  none: policyOf(),
  tolerant: policyOf({ certificateUploadCheck: 'tolerant', maxValidityDays: '397' }),
  strict: policyOf({ certificateUploadCheck: 'strict', maxValidityDays: '397' }),
  issuers: policyOf({ certificateUploadAllowedIssuerCNList: 'Other CA' }),
};

type Step =
  | { readonly kind: 'post'; readonly certificate: CertificateName; readonly stateName: AssignableState | undefined }
  | {
      readonly kind: 'patch';
      readonly mode: CallerMode;
      readonly certificate: CertificateName | undefined;
      readonly stateName: AssignableState | undefined;
    }
  | { readonly kind: 'delete' }
  | { readonly kind: 'failure' }
  | { readonly kind: 'time'; readonly milliseconds: number };

const certificate = fc.constantFrom<CertificateName>('first', 'second', 'violating');
const stateName = fc.option(fc.constantFrom(...ASSIGNABLE_STATES), { nil: undefined });
const patchBy = (mode: CallerMode) =>
  fc.record({
    kind: fc.constant('patch' as const),
    mode: fc.constant(mode),
    certificate: fc.option(certificate, { nil: undefined, freq: 1 }),
    stateName,
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('post' as const), certificate, stateName }) },
  { weight: 6, arbitrary: patchBy('selfAdmin') },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'delete' }) },
  { weight: 3, arbitrary: patchBy('administrator') },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      mode: fc.constant<CallerMode>('administrator'),
      certificate,
      stateName: fc.constantFrom(...ASSIGNABLE_STATES),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'failure' }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('time' as const), milliseconds: fc.constantFrom(1, 60_000, 900_000) }),
  },
);

/** For how long it is taken away: permanently where only an administrator can activate it again. */
interface Taken {
  readonly isPermanent: boolean;
  readonly until: Date | undefined;
}

const FREE: Taken = { isPermanent: false, until: undefined };

function run(policy: (typeof POLICIES)[keyof typeof POLICIES], steps: readonly Step[]): void {
  let now = NOW;
  let row: CurrentCertificate | undefined;
  let taken = FREE;
  const isTaken = () => taken.isPermanent || (taken.until !== undefined && now < taken.until);

  for (const one of steps) {
    const before = row;
    const wasTaken = isTaken();
    switch (one.kind) {
      case 'time':
        now = new Date(now.getTime() + one.milliseconds);
        break;
      case 'post': {
        if (row !== undefined) break;
        const sent = CERTIFICATES[one.certificate];
        const decision = decideCreate({
          mode: 'selfAdmin',
          owner,
          policy,
          now,
          certificate: sent,
          stateName: one.stateName,
          count: 0,
          maxCount: 100,
        });
        if (decision.kind === 'changed') row = { ...decision.changes, sha256: sent.sha256 };
        break;
      }
      case 'delete':
        if (row !== undefined && checkDeletion('selfAdmin', row, now).length === 0) row = undefined;
        break;
      case 'failure': {
        const counted = row === undefined ? undefined : afterFailure(row, policy.locking, now);
        if (row === undefined || counted === undefined) break;
        row = { ...row, ...counted };
        if (counted.lock !== null) {
          taken = { isPermanent: counted.lock === 'fail-locked', until: counted.lockedUntil ?? undefined };
        }
        break;
      }
      case 'patch': {
        if (row === undefined) break;
        const newCertificate = one.certificate === undefined ? undefined : CERTIFICATES[one.certificate];
        const patch = { stateName: one.stateName, newCertificate };
        const decision = decideUpdate({ mode: one.mode, owner, policy, now, credential: row, patch });
        if (decision.kind === 'refused') break;
        if (decision.kind === 'changed') {
          row = { ...row, ...decision.changes, sha256: decision.certificate?.sha256 ?? row.sha256 };
        }
        if (one.mode === 'administrator' && one.stateName !== undefined)
          taken = afterAdministrator(taken, one.stateName, row);
      }
    }
    if (wasTaken && isTaken() && !(one.kind === 'patch' && one.mode === 'administrator')) {
      expect(row?.sha256, `gone after ${JSON.stringify(one)}`).toEqual(before?.sha256);
    }
    if (row !== undefined && isTaken()) {
      const condition = { ...row, validFrom: null, validTo: null };
      expect(canLogIn(condition, now), `usable after ${JSON.stringify(one)}`).toBe(false);
    }
  }
}

function afterAdministrator(taken: Taken, asked: AssignableState, { lockedUntil }: CurrentCertificate): Taken {
  switch (asked) {
    case 'disabled':
    case 'reset-code':
    case 'fail-locked':
      return { isPermanent: true, until: undefined };
    case 'tmp-locked':
      // What a person or failures took away permanently stays under it, unless this ends their lock.
      return lockedUntil === null
        ? { isPermanent: true, until: undefined }
        : { isPermanent: false, until: lockedUntil };
    default:
      return FREE;
  }
}

describe('a credential that an administrator or a lock took away', () => {
  it.each(Object.entries(POLICIES))('5.1 no request of its owner makes it active, policy %s', (_name, policy) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
        run(policy, [{ kind: 'post', certificate: 'first', stateName: undefined }, ...steps]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(ASSIGNABLE_STATES)(
    '5.1 no two requests of its owner make it active after an administrator set %s',
    (held) => {
      const requests: Step[] = [
        { kind: 'delete' },
        { kind: 'post', certificate: 'first', stateName: undefined },
        { kind: 'time', milliseconds: 1 },
        ...[undefined, ...ASSIGNABLE_STATES].flatMap((state) =>
          ([undefined, 'first', 'second', 'violating'] as const).map((name): Step => ({
            kind: 'patch',
            mode: 'selfAdmin',
            certificate: name,
            stateName: state,
          })),
        ),
      ];
      const steps = ([undefined, 'violating'] as const).map((name): Step => ({
        kind: 'patch',
        mode: 'administrator',
        certificate: name,
        stateName: held,
      }));
      const first: Step = { kind: 'post', certificate: 'first', stateName: undefined };
      for (const before of [
        [],
        [{ kind: 'patch', mode: 'selfAdmin', certificate: undefined, stateName: 'disabled' }],
      ] as Step[][]) {
        for (const one of requests) {
          for (const other of requests) {
            for (const taken of steps) {
              run(POLICIES.tolerant, [first, ...before, taken, one, other, { kind: 'delete' }]);
            }
          }
        }
      }
    },
  );
});

function patched(
  row: CurrentCertificate,
  policy: keyof typeof POLICIES,
  name: CertificateName,
  asked: AssignableState | undefined,
): CurrentCertificate | undefined {
  const newCertificate = CERTIFICATES[name];
  const request = { stateName: asked, newCertificate };
  const mode = 'administrator';
  const decision = decideUpdate({ mode, owner, policy: POLICIES[policy], now: NOW, credential: row, patch: request });
  if (decision.kind !== 'changed') return undefined;
  return { ...row, ...decision.changes, sha256: newCertificate.sha256 };
}

describe('a request of an administrator with a certificate and a state', () => {
  const SETTERS: readonly StateSetBy[] = [
    'owner',
    'ownerOutOfLock',
    'administrator',
    'policy',
    'policyOverLock',
    'policyOverResetCode',
  ];
  const LOCKS: readonly Partial<CurrentCertificate>[] = [
    NO_LOCK,
    { lock: 'fail-locked', lockedUntil: null, lockReason: 'too-many-login-failures' },
    { lock: 'tmp-locked', lockedUntil: later(1), lockReason: 'changed-by-admin' },
    { lock: 'tmp-locked', lockedUntil: NOW, lockReason: 'changed-by-admin' },
  ];

  function* rows(): Generator<CurrentCertificate> {
    for (const lock of LOCKS) {
      for (const state of ['initial', 'active', 'admin-changed', 'reset-code'] as const) {
        for (const stateSetBy of ['owner', 'administrator'] as const)
          yield credentialOf({ ...lock, state, stateSetBy });
      }
      for (const stateSetBy of SETTERS) {
        if (stateSetBy === 'policyOverLock' && lock.lock === null) continue;
        const byPolicy = { reason: 'policy-check-failed', detail: 'wellFormed: of the certificate before' } as const;
        yield credentialOf({ ...lock, state: 'disabled', stateSetBy, ...byPolicy });
        if (!stateSetBy.startsWith('policy')) {
          yield credentialOf({ ...lock, state: 'disabled', stateSetBy, reason: 'changed-by-user' });
        }
      }
    }
  }

  const taking = ['disabled', 'reset-code', 'fail-locked', 'tmp-locked'] as const;

  it.each(taking)('5.1 a credential taken away by %s stays so, from any row', (asked) => {
    for (const row of rows()) {
      for (const policy of Object.keys(POLICIES) as (keyof typeof POLICIES)[]) {
        for (const name of Object.keys(CERTIFICATES) as CertificateName[]) {
          const after = patched(row, policy, name, asked);
          if (policy === 'strict' && name === 'violating') {
            expect(after).toBeUndefined();
            continue;
          }
          const shown = JSON.stringify({ row, policy, name, after });
          expect(after !== undefined && checkDeletion('selfAdmin', after, NOW).length, shown).toBe(1);
          expect(after !== undefined && checkReplacement('selfAdmin', after, 'certificate', NOW).length).toBe(1);
        }
      }
    }
  });

  it.each(taking)(
    '6.4 after a violation with %s and a compliant certificate it is in that state, or disabled',
    (asked) => {
      for (const row of rows()) {
        const after = patched(row, 'tolerant', 'violating', asked);
        const compliant = after && patched(after, 'tolerant', 'second', undefined);
        if (compliant === undefined) throw new Error('refused');
        const shown = effectiveState(compliant, NOW).stateName;
        // A lock by failures stays over the state that was sent; a state disabled by a person stays under a temporary lock.
        const others = [row.lock, asked === 'tmp-locked' ? 'disabled' : undefined];
        expect([asked, ...others], JSON.stringify({ row, after, compliant })).toContain(shown);
        expect(checkDeletion('selfAdmin', compliant, NOW)).toHaveLength(1);
      }
    },
  );

  it('5.4 reason and detail are those of the stored certificate', () => {
    for (const row of rows()) {
      for (const name of ['second', 'violating'] as const) {
        for (const asked of [undefined, ...ASSIGNABLE_STATES]) {
          const after = patched(row, 'tolerant', name, asked);
          const detail: unknown =
            after?.reason === 'policy-check-failed' ? expect.stringMatching(/^maxValidityDays: /) : null;
          expect(after?.detail, JSON.stringify({ row, name, asked, after })).toEqual(detail);
          if (name === 'second') expect(after?.detail).toBeNull();
        }
      }
    }
  });
});
