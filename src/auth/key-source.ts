import type { JWTHeaderParameters } from 'jose';

import type { VerificationKey } from '../config/signing-keys.js';

/** Where the keys come from that tokens are verified with. */
export interface KeySource {
  /**
   * The keys that a token with this header may be verified with, one after the other until one does: at most
   * `MAX_CANDIDATES`. Throws where it cannot be told which.
   */
  candidatesFor(header: JWTHeaderParameters, now: Date): AsyncIterator<VerificationKey, undefined>;

  /** Whether what this key has verified still holds. */
  holds(key: VerificationKey, now: Date): Promise<boolean>;
}

/** Signatures that one token may cost. */
export const MAX_CANDIDATES = 4;

/** A key that the operator has given, for as long as the process lives. */
export class OneKey implements KeySource {
  constructor(private readonly key: VerificationKey) {}

  async *candidatesFor({ alg }: JWTHeaderParameters): AsyncGenerator<VerificationKey, undefined> {
    if (!this.key.algorithms.includes(alg)) throw new Error('token of an algorithm that the key is not for');
    yield await Promise.resolve(this.key);
  }

  async holds(): Promise<boolean> {
    return await Promise.resolve(true);
  }
}
