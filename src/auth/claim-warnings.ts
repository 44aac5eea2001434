import type { Logger } from 'pino';

import type { VerificationKey } from '../config/signing-keys.js';
import { asciiOf } from '../http/logger.js';
import type { ClaimProblem } from './claims.rules.js';

/**
 * Tells the operator of claims that cannot be read: once for each shape and key that signed it, however many tokens
 * have it. Shapes are few, and what was said of a key is forgotten with the key.
 */
export class ClaimWarnings {
  private readonly said = new WeakMap<VerificationKey, Set<string>>();

  constructor(private readonly logger: Logger) {}

  report({ claim, found, expected, names }: ClaimProblem, key: VerificationKey): void {
    let said = this.said.get(key);
    if (said === undefined) this.said.set(key, (said = new Set()));
    const shape = `${claim}: ${found}`;
    if (said.has(shape)) return;
    said.add(shape);
    const { kid } = key as { readonly kid?: string };
    this.logger.warn(
      {
        claim,
        found,
        expected,
        ...(names === undefined ? {} : { names: names.map((name) => asciiOf(name, 100)) }),
        ...(kid === undefined ? {} : { kid: asciiOf(kid, 100) }),
      },
      'a claim of a verified token cannot be read and gives nothing',
    );
  }
}
