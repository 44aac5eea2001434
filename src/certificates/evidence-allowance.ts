import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { TokenBuckets } from '../common/token-buckets.js';

/** Contract 13.3: explanations and dry runs for which something is fetched, for each caller. */
const QUESTIONS = { burst: 10, refillMs: 6_000, keys: 10_000 };

/** Contract 13.3: for all that one request fetches. */
const REQUEST_MS = 5_000;

const TOO_MANY =
  'Only stored evidence was used: for each caller, evidence is fetched for 10 explanations and dry runs a minute.';
const OTHER_TIME = 'Only stored evidence was used: nothing is fetched for another time than now.';

/** What one request may fetch. Its time begins with the first source that is asked. */
export class EvidenceAllowance {
  private timeout: AbortSignal | undefined;
  private refusal: string | undefined;

  /** `take`: asked before the first source; undefined if it may be asked, else why not. */
  constructor(
    private readonly caller: Pick<Caller, 'signal'>,
    private readonly take: () => string | undefined = () => undefined,
  ) {}

  /** Of the request. */
  get callerSignal(): AbortSignal | undefined {
    return this.caller.signal;
  }

  /** One sentence, if a source would have been asked but was not. */
  get note(): string | undefined {
    return this.refusal;
  }

  /** With which sources may be asked; undefined if they may not. */
  begin(): AbortSignal | undefined {
    if (this.timeout === undefined) {
      this.refusal ??= this.take();
      if (this.refusal !== undefined) return undefined;
      this.timeout = AbortSignal.timeout(REQUEST_MS);
    }
    const { signal } = this.caller;
    return signal === undefined ? this.timeout : AbortSignal.any([this.timeout, signal]);
  }
}

/** Who may have how much fetched. */
@Injectable()
export class EvidenceAllowances {
  private readonly questions = new TokenBuckets(QUESTIONS);

  forChange(caller: Caller, dryRun: boolean): EvidenceAllowance {
    return dryRun ? this.forQuestion(caller, caller.now) : new EvidenceAllowance(caller);
  }

  /** For a request that changes nothing. `at`: the time that it asks about. */
  forQuestion(caller: Caller, at: Date): EvidenceAllowance {
    return new EvidenceAllowance(caller, () => {
      if (at !== caller.now) return OTHER_TIME;
      const { clientExtId, userExtId } = caller.actor;
      // Names contain no control characters, so two callers never share a key.
      return this.questions.take(`${clientExtId}\n${userExtId}`, caller.now) === 0 ? undefined : TOO_MANY;
    });
  }
}
