import { describe, expect, it } from 'vitest';

import type { PolicyOutcome } from '../evaluation/policy-outcome.model.js';
import { ruleOutcome } from '../rule-outcome.js';
import { simulatedChange, SimulationCounts } from './simulation.rules.js';

const CREDENTIAL = { extId: 'cert-1', userExtId: 'user-1' };

const outcome = (verdict: PolicyOutcome['verdict'], ...rules: readonly string[]): PolicyOutcome => ({
  verdict,
  failed: rules.map((rule) => ruleOutcome(rule, { passed: false, expected: 'a', found: 'b', remedy: 'c' })),
});

describe('simulatedChange', () => {
  it.each<[string, readonly (PolicyOutcome | undefined)[]]>([
    ['accepted by both', [outcome('accepted'), outcome('accepted')]],
    ['refused by both, for other reasons', [outcome('refused', 'keyTypes'), outcome('refused', 'trustAnchors')]],
    ['unreadable', [undefined, undefined]],
    ['not evaluated', []],
  ])('14.5 ok/no change: %s', (_title, outcomes) => {
    expect(simulatedChange(CREDENTIAL, outcomes)).toBeUndefined();
  });

  it('14.5 ok/the verdicts, and the rules of the changed policy that do not pass', () => {
    const change = simulatedChange(CREDENTIAL, [outcome('disabled', 'keyTypes'), outcome('refused', 'trustAnchors')]);
    expect(change).toMatchObject({ ...CREDENTIAL, from: 'disabled', to: 'refused', rules: [{ rule: 'trustAnchors' }] });
  });

  it('14.5 ok/what would be accepted has no such rules', () => {
    const change = simulatedChange(CREDENTIAL, [outcome('refused', 'keyTypes'), outcome('accepted')]);
    expect(change).toMatchObject({ from: 'refused', to: 'accepted', rules: [] });
  });
});

describe('SimulationCounts', () => {
  it('14.5 counts verdicts, and each rule once for a certificate', () => {
    const counts = new SimulationCounts();
    const change = (after: PolicyOutcome) => simulatedChange(CREDENTIAL, [outcome('accepted'), after]) ?? [];
    counts.add(3, [change(outcome('refused', 'b', 'a', 'a')), change(outcome('disabled', 'b'))].flat());
    counts.add(2, [simulatedChange(CREDENTIAL, [outcome('disabled', 'a'), outcome('accepted')]) ?? []].flat());
    expect(counts.summary(1.5)).toEqual({
      evaluated: 5,
      changed: 3,
      byRule: { a: 1, b: 2 },
      wouldBeDisabled: 1,
      wouldBeRefused: 1,
      seconds: 1.5,
    });
    expect(Object.keys(counts.summary(0).byRule)).toEqual(['a', 'b']);
  });
});
