import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { Actor, Caller } from '../common/actor.js';
import { appError, noRecord, xTokenRequired } from '../common/errors.js';
import { isClientExternalId, isExternalId } from '../common/external-id.js';
import { isRead } from '../http/is-read.js';
import { parseIfMatch } from '../http/precondition.js';
import { asksForDryRun, readQuery, takesQuery } from '../http/query.js';
import { type RequestState, stateOf } from '../http/request-state.js';
import { ACCESS, type AccessDecision } from './access.decorator.js';
import { decideAccess, mayActAsSelf, modeWithoutClient, type RequiredRights } from './access.rules.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { XTokenVerifier } from './x-token-verifier.js';

/**
 * The only guard: route, headers and path decide, in the order of contract 7.2, before a byte of the body is read. No
 * decision on a handler means that nobody may call it.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly bearer: BearerAuthenticator,
    private readonly xTokens: XTokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const decision = Reflect.getMetadata(ACCESS, context.getHandler()) as AccessDecision | undefined;
    if (decision === undefined) {
      throw appError({ code: 'errors.permissionDenied', message: 'This route is not open to anybody.' });
    }
    if (decision.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const state = stateOf(request);
    checkPath(request);
    const { 'if-match': ifMatch } = request.headers;
    if (ifMatch !== undefined && !isRead(request)) state.ifMatch = parseIfMatch(ifMatch);
    state.dryRun = asksForDryRun(request, context.getHandler());
    const actor = await this.bearer.authenticate(request);
    state.actor = actor;
    state.caller =
      decision.kind === 'authenticated'
        ? callerOf(state, actor, modeWithoutClient(actor), undefined)
        : await this.callerWithRights(request, state, actor, decision);
    // A route that takes parameters reads them itself, with what its body lacks.
    if (!takesQuery(context.getHandler())) readQuery(request, []);
    return true;
  }

  private async callerWithRights(
    request: Request,
    state: RequestState,
    actor: Actor,
    required: RequiredRights,
  ): Promise<Caller> {
    const subject = subjectOf(request);
    const access = decideAccess(actor, required, subject);
    if (typeof access !== 'string') throw appError(access);
    if (access === 'selfAdmin' && required.selfAdmin !== 'denied') {
      return await this.selfAdmin(request, state, actor, required);
    }
    const caller = callerOf(state, actor, access, undefined);
    if (!mayActAsSelf(actor, required, subject)) return caller;
    const asSelfAdmin = async (): Promise<Caller> => {
      state.caller = await this.selfAdmin(request, state, actor, required);
      return state.caller;
    };
    return { ...caller, asSelfAdmin };
  }

  private async selfAdmin(
    request: Request,
    state: RequestState,
    actor: Actor,
    required: RequiredRights,
  ): Promise<Caller> {
    const xToken = await this.xTokens.verify(request, actor, state.now);
    if (xToken === undefined && required.selfAdmin === 'withXToken') throw xTokenRequired('absent');
    return callerOf(state, actor, 'selfAdmin', xToken);
  }
}

function callerOf(state: RequestState, actor: Actor, mode: Caller['mode'], xToken: Caller['xToken']): Caller {
  const { now, id: requestId, address, signal } = state;
  return { actor, mode, xToken, now, requestId, address, signal };
}

/** An id outside the alphabet names nothing, whoever asks (contract 7.1). */
function checkPath(request: Request): void {
  for (const [name, value] of Object.entries(request.params as Record<string, string>)) {
    const fits = name === 'clientExtId' ? isClientExternalId(value) : isExternalId(value);
    if (!fits) throw noRecord();
  }
}

/** Routes name their parameters by what they are: the client is `clientExtId` (or an account), the user `userExtId`. */
function subjectOf(request: Request): { clientExtId: string | undefined; userExtId: string | undefined } {
  const { clientExtId, userExtId, accountId } = request.params as Record<string, string | undefined>;
  return { clientExtId: clientExtId ?? accountId, userExtId };
}
