import type { PolicyReading } from './policy-parameters.rules.js';

/** Policies kept at the most; the one that was read first goes first. */
const KEPT = 1_000;

type Reader<Policy> = (parameters: Readonly<Record<string, string>>) => PolicyReading<Policy>;

/**
 * The policies that stored parameters, a JSON object as text, mean. Kept by that text: a credential is evaluated at each
 * change, and what a text means does not change.
 */
export class ReadPolicies<Policy> {
  private readonly kept = new Map<string, Policy>();

  constructor(private readonly reader: Reader<Policy>) {}

  /** Throws where there is no object to read: a policy that is missing allows nothing. */
  read(parameters: string): Policy {
    const known = this.kept.get(parameters);
    if (known !== undefined) return known;
    const stored: unknown = JSON.parse(parameters);
    if (typeof stored !== 'object' || stored === null) throw new Error('A credential without its policy.');
    const { policy, errors } = this.reader(stored as Record<string, string>);
    if (policy === undefined) throw new Error(`A stored policy does not parse: ${errors[0]?.message}`);
    if (this.kept.size >= KEPT) {
      const [first] = this.kept.keys();
      if (first !== undefined) this.kept.delete(first);
    }
    this.kept.set(parameters, policy);
    return policy;
  }
}
