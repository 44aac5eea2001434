import type { Request } from 'express';
import { Strategy } from 'passport-jwt';

import type { Actor } from '../common/actor.js';
import { AppError, unauthenticated } from '../common/errors.js';
import type { Permission } from '../common/permission.js';
import type { TokenSettings } from '../config/settings.js';
import { repeated, singleHeader } from '../http/headers.js';
import { stateOf } from '../http/request-state.js';
import { actorFromClaims } from './actor.rules.js';
import type { ClaimWarnings } from './claim-warnings.js';
import type { ClaimProblem } from './claims.rules.js';
import type { KeySource } from './key-source.js';
import { TokenVerifier, type VerifiedToken } from './token-verifier.js';

type Verify = (token: string) => Promise<VerifiedToken>;
type Done = (error: unknown, verified?: VerifiedToken) => void;

/**
 * passport-jwt verifies with jsonwebtoken, which does not support EdDSA and ignores `crit`. A static member of the
 * class allows another verifier. Ours calls the function that the strategy passes in place of its key, so that
 * strategies share no state.
 */
Object.assign(Strategy, {
  JwtVerifier: (token: string, verify: Verify, _options: unknown, done: Done): void => {
    verify(token).then((verified) => done(null, verified), done);
  },
});

/** The callbacks that passport adds to a strategy for one request. */
interface Outcome {
  success(actor: Actor): void;
  fail(reason: unknown): void;
  error(reason: unknown): void;
}

/**
 * `Authorization: Bearer <JWT>` (RFC 6750 section 2.1), the scheme is case-insensitive; sent once, never in the query.
 */
function tokenOf(request: Request): string | null {
  const header = singleHeader(request, 'authorization');
  if (header === undefined || header === repeated) return null;
  return /^Bearer +([\w\-.~+/]+=*)$/i.exec(header)?.[1] ?? null;
}

/** Authenticates the caller, or throws the generic 401 without a reason, or 503 if the keys are not available. */
export class BearerAuthenticator {
  private readonly strategy: Strategy;

  constructor(
    settings: TokenSettings,
    keys: KeySource,
    roles: ReadonlyMap<string, readonly Permission[]>,
    warnings: ClaimWarnings,
  ) {
    const { issuer, audience, claims: names } = settings;
    // A token without a user or client has no actor, and causes a warning.
    const verifier = new TokenVerifier({ keys, issuer, audience, requiredClaims: [] });
    // Claims are read once for each token that the verifier remembers.
    const actors = new WeakMap<VerifiedToken, Actor>();
    this.strategy = new Strategy(
      {
        jwtFromRequest: tokenOf,
        secretOrKeyProvider: (request: Request, _token: unknown, done: (error: unknown, key: never) => void) => {
          const verify: Verify = (token) => verifier.verify(token, stateOf(request).now);
          done(null, verify as never);
        },
      },
      (verified: VerifiedToken, done: (error: unknown, actor: Actor | false) => void) => {
        const report = (problem: ClaimProblem): void => warnings.report(problem, verified.key);
        const actor = actors.get(verified) ?? actorFromClaims(verified.claims, names, roles, report);
        if (actor !== undefined) actors.set(verified, actor);
        done(null, actor ?? false);
      },
    );
  }

  async authenticate(request: Request): Promise<Actor> {
    try {
      return await new Promise<Actor>((resolve, reject) => {
        const outcome: Outcome = { success: resolve, fail: reject, error: reject };
        const attempt = Object.assign(Object.create(this.strategy) as Strategy, outcome);
        attempt.authenticate(request, {});
      });
    } catch (reason) {
      // It cannot be determined now whether the token is valid.
      if (reason instanceof AppError) throw reason;
      throw unauthenticated(`bearer: ${reason instanceof Error ? reason.message : 'token without a caller'}`);
    }
  }
}
