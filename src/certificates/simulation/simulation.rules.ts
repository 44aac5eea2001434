import type { PolicyOutcome, PolicyVerdict } from '../evaluation/policy-outcome.model.js';
import type { RuleOutcome } from '../rule-outcome.js';

/** A credential that the changed policy would treat in another way (contract 14.5). */
export interface SimulatedChange {
  readonly extId: string;
  readonly userExtId: string;
  readonly from: PolicyVerdict;
  readonly to: PolicyVerdict;
  /** The rules of the changed policy that the certificate does not pass. */
  readonly rules: readonly RuleOutcome[];
}

export interface SimulationSummary {
  /** Certificates that were evaluated. */
  readonly evaluated: number;
  readonly changed: number;
  /** Of the changed ones, how many do not pass the rule under the changed policy. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly wouldBeDisabled: number;
  readonly wouldBeRefused: number;
  readonly seconds: number;
}

interface Credential {
  readonly extId: string;
  readonly userExtId: string;
}

/** Undefined if nothing would change. */
export function simulatedChange(
  { extId, userExtId }: Credential,
  [before, after]: readonly (PolicyOutcome | undefined)[],
): SimulatedChange | undefined {
  if (before === undefined || after === undefined || before.verdict === after.verdict) return undefined;
  return { extId, userExtId, from: before.verdict, to: after.verdict, rules: after.failed };
}

/** Counts while the certificates are evaluated, so that it needs no memory for them. */
export class SimulationCounts {
  private evaluated = 0;
  private changed = 0;
  private readonly to: Record<PolicyVerdict, number> = { accepted: 0, disabled: 0, refused: 0 };
  private readonly byRule = new Map<string, number>();

  add(evaluated: number, changes: readonly SimulatedChange[]): void {
    this.evaluated += evaluated;
    this.changed += changes.length;
    for (const { to, rules } of changes) {
      this.to[to] += 1;
      for (const rule of new Set(rules.map((outcome) => outcome.rule))) {
        this.byRule.set(rule, (this.byRule.get(rule) ?? 0) + 1);
      }
    }
  }

  summary(seconds: number): SimulationSummary {
    const byRule = [...this.byRule].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return {
      evaluated: this.evaluated,
      changed: this.changed,
      byRule: Object.fromEntries(byRule),
      wouldBeDisabled: this.to.disabled,
      wouldBeRefused: this.to.refused,
      seconds,
    };
  }
}
