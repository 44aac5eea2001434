import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { AppError } from '../../common/errors.js';
import { TokenBuckets } from '../../common/token-buckets.js';
import { Database } from '../../database/database.js';
import type { ExplanationResource } from '../explanation/explanation-resource.js';
import { newReference } from './login-reference.js';
import { READ_REFUSAL, STORE_REFUSAL } from './login-refusal.queries.js';

const DAY_MS = 86_400_000;
export const KEPT_MS = 90 * DAY_MS;

/** Contract 15.4: one for a credential and a cause a minute, and ten a second for a client. */
const OF_CAUSE = { burst: 1, refillMs: 60_000, keys: 100_000 };
const OF_CLIENT = { burst: 10, refillMs: 100, keys: 10_000 };

/** References that one caller may look up: more than a person does, and far too few to guess one. */
const LOOKUPS = { burst: 30, refillMs: 2_000, keys: 10_000 };

export interface LoginRefusal {
  readonly reference: string;
  readonly at: Date;
  readonly explanation: ExplanationResource;
}

/** Why logins were refused, as it was at the time (contract 15.4). */
@Injectable()
export class LoginRefusals {
  private readonly causes = new TokenBuckets(OF_CAUSE);
  private readonly clients = new TokenBuckets(OF_CLIENT);
  private readonly lookups = new TokenBuckets(LOOKUPS);

  constructor(private readonly database: Database) {}

  /**
   * Returns the reference; undefined beyond the limits, and if the database is unavailable: the login may have been counted by
   * then, and a caller that was told to try again would count it twice.
   *
   * @param subject - the credential, or the certificate that none has
   */
  async store(
    clientExtId: string,
    { subject, cause }: { readonly subject: string; readonly cause: string },
    explanation: ExplanationResource,
    now: Date,
  ): Promise<string | undefined> {
    // Ids contain no control characters, so two subjects never share a key.
    const key = [clientExtId, subject, cause].join('\n');
    if (this.causes.take(key, now) > 0) return undefined;
    if (this.clients.take(clientExtId, now) > 0) return undefined;
    const refusal = { reference: newReference(), at: now, explanation: JSON.stringify(explanation) };
    try {
      return (await STORE_REFUSAL.first(this.database, { clientExtId, ...refusal }))?.reference;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'errors.unavailable') throw error;
      // The next refusal has a reference.
      this.causes.giveBack(key);
      this.clients.giveBack(clientExtId);
      return undefined;
    }
  }

  /** Undefined if there is none; `tooMany` if the caller has asked for too many. */
  async find(caller: Caller, clientExtId: string, reference: string): Promise<LoginRefusal | 'tooMany' | undefined> {
    const { actor, now } = caller;
    if (this.lookups.take(`${actor.clientExtId}\n${actor.userExtId}`, now) > 0) return 'tooMany';
    const since = new Date(now.getTime() - KEPT_MS);
    const row = await READ_REFUSAL.first(this.database, { clientExtId, reference, since });
    return row && { ...row, explanation: JSON.parse(row.explanation) as ExplanationResource };
  }
}
