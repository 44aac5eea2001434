import type { IncomingMessage } from 'node:http';

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { Actor, Caller } from '../common/actor.js';
import { appError, noRecord, xTokenRequired } from '../common/errors.js';
import { isClientExternalId, isExternalId } from '../common/external-id.js';
import { parseIfMatch } from '../http/precondition.js';
import { readQuery, requestsDryRun, takesQuery } from '../http/query.js';
import { type RequestState, stateOf } from '../http/request-state.js';
import { ACCESS, type AccessDecision } from './access.decorator.js';
import { decideAccess, mayActAsSelf, modeWithoutClient, type RequiredRights } from './access.rules.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { XTokenVerifier } from './x-token-verifier.js';

/**
 * The only guard. It decides on route, headers and path, in the order of contract 7.2, before any of the body is read.
 * A handler without an access decision cannot be called by anyone.
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
      throw appError({ code: 'errors.permissionDenied', message: 'Nobody may call this route.' });
    }
    if (decision.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const state = stateOf(request);
    state.handler = context.getHandler();
    checkPath(request);
    const { 'if-match': ifMatch } = request.headers;
    if (ifMatch !== undefined && !isRead(request)) state.ifMatch = parseIfMatch(ifMatch);
    state.dryRun = requestsDryRun(request, context.getHandler());
    const actor = await this.bearer.authenticate(request);
    state.actor = actor;
    state.caller =
      decision.kind === 'authenticated'
        ? callerOf(state, actor, modeWithoutClient(actor), undefined)
        : await this.callerWithRights(request, state, actor, decision);
    // A route with query parameters reads them itself, so that their errors are reported with those of the body.
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

/** An id with other characters cannot exist, whoever the caller is (contract 7.1). */
function checkPath(request: Request): void {
  for (const [name, value] of Object.entries(request.params as Record<string, string>)) {
    const fits = name === 'clientExtId' ? isClientExternalId(value) : isExternalId(value);
    if (!fits) throw noRecord();
  }
}

/** All routes use the same parameter names: the client is `clientExtId` (or an account), the user `userExtId`. */
function subjectOf(request: Request): { clientExtId: string | undefined; userExtId: string | undefined } {
  const { clientExtId, userExtId, accountId } = request.params as Record<string, string | undefined>;
  return { clientExtId: clientExtId ?? accountId, userExtId };
}

/** RFC 9110 section 9.3.2: HEAD is like GET, except that the response has no body. */
function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
