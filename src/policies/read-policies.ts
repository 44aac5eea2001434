import type { PolicyReading } from './policy-parameters.rules.js';

/** Maximum number of cached policies; the one that was read first is dropped first. */
const MAX_CACHED = 1_000;

type Reader<Policy> = (parameters: Readonly<Record<string, string>>) => PolicyReading<Policy>;

/**
 * Parses and caches policies, with the JSON text of the stored parameters as the key. Every change of a credential is
 * evaluated, and the same text always gives the same policy.
 */
export class ReadPolicies<Policy> {
  private readonly kept = new Map<string, Policy>();

  constructor(private readonly reader: Reader<Policy>) {}

  /** Throws if the parameters are not an object: without its policy, nothing may be allowed. */
  read(parameters: string): Policy {
    const known = this.kept.get(parameters);
    if (known !== undefined) return known;
    const stored: unknown = JSON.parse(parameters);
    if (typeof stored !== 'object' || stored === null) throw new Error('The credential has no policy.');
    const { policy, errors } = this.reader(stored as Record<string, string>);
    if (policy === undefined) {
      const message = errors.map((error) => error.message).join(' ');
      throw new Error(`A stored policy cannot be read: ${message} Perhaps a newer version of certkeep stored it.`);
    }
    if (this.kept.size >= MAX_CACHED) {
      const [first] = this.kept.keys();
      if (first !== undefined) this.kept.delete(first);
    }
    this.kept.set(parameters, policy);
    return policy;
  }
}
