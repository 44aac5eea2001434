import type { JWTHeaderParameters } from 'jose';

import type { VerificationKey } from '../config/signing-keys.js';

/** Where the keys come from that tokens are verified with. */
export interface KeySource {
  /** The one key that a token with this header may be verified with. Throws where there is none. */
  keyFor(header: JWTHeaderParameters, now: Date): Promise<VerificationKey>;

  /** Whether what this key has verified still holds. */
  holds(key: VerificationKey, now: Date): Promise<boolean>;
}

/** A key that the operator has given, for as long as the process lives. */
export class OneKey implements KeySource {
  constructor(private readonly key: VerificationKey) {}

  async keyFor({ alg }: JWTHeaderParameters): Promise<VerificationKey> {
    if (!this.key.algorithms.includes(alg)) throw new Error('token of an algorithm that the key is not for');
    return await Promise.resolve(this.key);
  }

  async holds(): Promise<boolean> {
    return await Promise.resolve(true);
  }
}
