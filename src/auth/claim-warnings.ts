import type { Logger } from 'pino';

import type { VerificationKey } from '../config/signing-keys.js';
import { asciiOf } from '../http/logger.js';
import type { ClaimProblem } from './claims.rules.js';

/**
 * Warns the operator about claims that cannot be read: once per problem and signing key, however many tokens have it.
 * There are few kinds of problem, and the warnings of a key are forgotten with the key.
 */
export class ClaimWarnings {
  private readonly reported = new WeakMap<VerificationKey, Set<string>>();

  constructor(private readonly logger: Logger) {}

  report({ claim, found, expected, names }: ClaimProblem, key: VerificationKey): void {
    let reported = this.reported.get(key);
    if (reported === undefined) this.reported.set(key, (reported = new Set()));
    const shape = `${claim}: ${found}`;
    if (reported.has(shape)) return;
    reported.add(shape);
    const { kid } = key as { readonly kid?: string };
    this.logger.warn(
      {
        claim,
        found,
        expected,
        ...(names === undefined ? {} : { names: names.map((name) => asciiOf(name, 100)) }),
        ...(kid === undefined ? {} : { kid: asciiOf(kid, 100) }),
      },
      'a claim of a verified token cannot be read and grants nothing',
    );
  }
}
