import { describe, expect, it } from 'vitest';

import { type RuleOutcome, violationsDetail } from './rule-outcome.js';

/** A violation whose entry in the detail has this length. */
function violation(length: number): RuleOutcome {
  const rest = 'keyTypes: expected , found x'.length;
  return {
    rule: 'keyTypes',
    passed: false,
    parameter: 'keyTypes',
    expected: 'y'.repeat(length - rest),
    found: 'x',
    remedy: 'z',
  };
}

describe('violationsDetail', () => {
  it('5.4 ok/the entries are joined', () => {
    expect(violationsDetail([violation(30), violation(29)])).toBe(
      'keyTypes: expected yy, found x; keyTypes: expected y, found x',
    );
  });

  it('5.4 ok/1000 characters fit', () => {
    expect(violationsDetail([violation(499), violation(499)])).toHaveLength(1000);
  });

  it('5.4 ok/with 1001 characters the last entry is only counted', () => {
    expect(violationsDetail([violation(499), violation(500)])).toMatch(/^keyTypes: expected y+, found x; and 1 more$/);
  });

  it('5.4 ok/there is room for the number of omitted entries', () => {
    const detail = violationsDetail([violation(495), violation(495), violation(495)]);
    expect(detail).toMatch(/, found x; and 2 more$/);
    expect(detail.length).toBeLessThanOrEqual(1000);
  });
});
