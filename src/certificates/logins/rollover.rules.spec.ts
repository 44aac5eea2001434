import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { credentialOf, NOW } from '../../../test/support/rule-fixtures.js';
import { effectiveState } from '../../credentials/credential-state.rules.js';
import { endedBy } from './rollover.rules.js';

const DAY_MS = 86_400_000;
const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const older = (extId: string, columns: Parameters<typeof credentialOf>[0] = {}, begun = -10) => ({
  ...credentialOf(columns),
  extId,
  notBefore: after(begun),
});
const newer = { extId: 'newer', notBefore: after(-1) };
const endsOf = (...others: ReturnType<typeof older>[]) =>
  endedBy(newer, others, 30, NOW).map(({ row }) => [row.extId, row.replacedBy, row.disabledOn]);

describe('endedBy', () => {
  it('15.6 ok/an older credential ends after the days of grace, whatever its lock', () => {
    expect(endsOf(older('a'), older('b', { lock: 'fail-locked' }), older('c', { state: 'initial' }))).toEqual(
      ['a', 'b', 'c'].map((extId) => [extId, 'newer', after(30)]),
    );
  });

  it('15.6 fail/nothing that begins at the same time or later, that has ended, or that ends earlier', () => {
    const ending = { replacedBy: 'other', disabledOn: after(5) };
    expect(endsOf(older('a', {}, -1), older('b', {}, 0), older('c', { state: 'disabled' }))).toEqual([]);
    expect(endsOf(older('d', { state: 'archived' }), older('e', ending), older('newer'))).toEqual([]);
  });

  it('15.6 whatever the order of first logins, the newest never ends, and no end becomes later', () => {
    const logins = fc.array(fc.record({ index: fc.nat(5), wait: fc.nat(60) }), { maxLength: 30 });
    fc.assert(
      fc.property(logins, fc.nat(365), (order, graceDays) => {
        let credentials = Array.from({ length: 6 }, (_, index) => older(`c${index}`, {}, index - 10));
        let now = NOW;
        for (const { index, wait } of order) {
          now = new Date(now.getTime() + wait * DAY_MS);
          const one = credentials[index];
          if (one === undefined) continue;
          const rows = new Map(endedBy(one, credentials, graceDays, now).map(({ row }) => [row.extId, row]));
          for (const { extId, disabledOn } of credentials) {
            const end = rows.get(extId)?.disabledOn;
            if (end !== undefined && disabledOn !== null) expect(end.getTime()).toBeLessThan(disabledOn.getTime());
          }
          credentials = credentials.map((each) => rows.get(each.extId) ?? each);
          const newest = credentials.at(-1);
          expect(newest && effectiveState(newest, now).stateName).toBe('active');
        }
      }),
    );
  });
});

describe('effectiveState', () => {
  const ended = { replacedBy: 'newer', disabledOn: NOW };

  it('15.6 is disabled from disabledOn on, and beneath a lock', () => {
    const before = new Date(NOW.getTime() - 1);
    expect(effectiveState(credentialOf(ended), before).stateName).toBe('active');
    expect(effectiveState(credentialOf(ended), NOW)).toEqual({
      stateName: 'disabled',
      stateChangeReason: 'renewal',
      stateChangeDetail: null,
    });
    const locked = credentialOf({ ...ended, lock: 'tmp-locked', lockedUntil: after(1) });
    expect(effectiveState(locked, NOW).stateName).toBe('tmp-locked');
    expect(effectiveState(locked, after(1)).stateName).toBe('disabled');
  });

  it('15.6 keeps the reason of what was disabled already', () => {
    const disabled = credentialOf({ ...ended, state: 'disabled', reason: 'cert-revoked' });
    expect(effectiveState(disabled, NOW).stateChangeReason).toBe('cert-revoked');
  });
});
