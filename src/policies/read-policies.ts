import { ClientCache } from '../common/client-cache.js';
import type { PolicyReading } from './policy-parameters.rules.js';

const MEBIBYTE = 1024 * 1024;

/**
 * Of the texts, and of what else is kept for each. V8 hashes a text of more than 16,383 characters by its length alone, so
 * that a lookup compares it with all others of its length: a client's share limits that, too.
 */
const LIMITS = { maxOctets: 8 * MEBIBYTE, maxOctetsPerClient: MEBIBYTE / 2 };

const OCTETS_OF_POLICY = 1_000;
const OCTETS_OF_CHARACTER = 2;

type Reader<Policy> = (parameters: Readonly<Record<string, string>>) => PolicyReading<Policy>;

/** Throws if the parameters are not an object: without its policy, nothing may be allowed. */
export function readStoredPolicy<Policy>(parameters: string, reader: Reader<Policy>): Policy {
  const stored: unknown = JSON.parse(parameters);
  if (typeof stored !== 'object' || stored === null) throw new Error('The credential has no policy.');
  const { policy, errors } = reader(stored as Record<string, string>);
  if (policy !== undefined) return policy;
  const message = errors.map((error) => error.message).join(' ');
  throw new Error(`A stored policy cannot be read: ${message} Perhaps a newer version of certkeep stored it.`);
}

/**
 * Parses and caches policies, with the JSON text of the stored parameters as the key. Every change of a credential is
 * evaluated, and the same text always gives the same policy.
 */
export class ReadPolicies<Policy> {
  private readonly kept = new ClientCache<Policy>(LIMITS);

  constructor(private readonly reader: Reader<Policy>) {}

  /** @throws errors of `readStoredPolicy` */
  read(clientExtId: string, parameters: string): Policy {
    const known = this.kept.get(clientExtId, parameters);
    if (known !== undefined) return known;
    const policy = readStoredPolicy(parameters, this.reader);
    const octets = OCTETS_OF_POLICY + parameters.length * OCTETS_OF_CHARACTER;
    this.kept.set(clientExtId, parameters, policy, octets);
    return policy;
  }
}
