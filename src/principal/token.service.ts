import { Inject, Injectable } from '@nestjs/common';

import { signXToken } from '../auth/x-token.js';
import type { Caller } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { partOfWorker } from '../common/part-of-worker.js';
import { TokenBuckets } from '../common/token-buckets.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { PasswordLoginService } from '../passwords/password-login.service.js';
import type { TokenRequestDto } from './token-request.dto.js';
import type { TokenResource } from './token-resource.js';

/** Limit of wrong passwords per caller: high enough for typing mistakes, low enough to slow down guessing. */
const ATTEMPTS = { burst: 20, refillMs: 3_000, keys: 10_000 };

/** T1: issues an X-Token for a password. */
@Injectable()
export class TokenService {
  private readonly attempts: TokenBuckets;

  constructor(
    private readonly logins: PasswordLoginService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const { workers } = settings;
    const burst = partOfWorker(ATTEMPTS.burst, workers, 1);
    this.attempts = new TokenBuckets({ ...ATTEMPTS, burst, refillMs: ATTEMPTS.refillMs * workers });
  }

  async issue(caller: Caller, { username, password }: TokenRequestDto): Promise<TokenResource> {
    const passwordGeneration = await this.attempt(caller, username, password);
    if (passwordGeneration === undefined) {
      // The same text for every cause (contract 4.8).
      throw appError({ code: 'errors.invalidCredentials', message: 'The user name or the password is wrong.' });
    }
    const { key, seconds } = this.settings.xToken;
    const { clientExtId, userExtId } = caller.actor;
    return {
      access_token: await signXToken(key, { clientExtId, userExtId, passwordGeneration }, caller.now, seconds),
      token_type: 'bearer',
      expires_in: seconds,
    };
  }

  /**
   * Only a wrong password uses up an attempt. It is taken before the password is verified, so that many at once are
   * limited too.
   */
  private async attempt(caller: Caller, username: string, password: string): Promise<string | undefined> {
    const { actor, now } = caller;
    // Names contain no control characters, so two callers never share a key.
    const key = `${actor.clientExtId}\n${actor.userExtId}`;
    const wait = this.attempts.take(key, now);
    if (wait > 0) {
      throw appError(
        { code: 'errors.tooManyRequests', message: 'Too many attempts. Try again later.' },
        { retryAfterSeconds: Math.ceil(wait / 1000) },
      );
    }
    let isWrong = false;
    try {
      const passwordGeneration = await this.logins.logIn(caller, username, password);
      isWrong = passwordGeneration === undefined;
      return passwordGeneration;
    } finally {
      if (!isWrong) this.attempts.giveBack(key);
    }
  }
}
