import type { JWTHeaderParameters } from 'jose';

import type { VerificationKey } from '../config/signing-keys.js';

/** The source of the keys that verify tokens. */
export interface KeySource {
  /**
   * The keys that may have signed a token with this header, to be tried one after the other: at most `MAX_CANDIDATES`.
   * Throws if they cannot be determined.
   */
  candidatesFor(header: JWTHeaderParameters, now: Date): AsyncIterator<VerificationKey, undefined>;

  /** Whether the key is still valid, and with it the tokens that it has verified. */
  holds(key: VerificationKey, now: Date): Promise<boolean>;
}

/** Maximum number of signature checks per token. */
export const MAX_CANDIDATES = 4;

/** A key from the configuration, valid as long as the process runs. */
export class ConfiguredKey implements KeySource {
  constructor(private readonly key: VerificationKey) {}

  async *candidatesFor({ alg }: JWTHeaderParameters): AsyncGenerator<VerificationKey, undefined> {
    if (!this.key.algorithms.includes(alg)) throw new Error('token with an algorithm that the key does not support');
    yield await Promise.resolve(this.key);
  }

  async holds(): Promise<boolean> {
    return await Promise.resolve(true);
  }
}
