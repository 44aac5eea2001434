import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';

import type { Caller } from '../common/actor.js';
import { permissionToWire } from '../common/permission.js';
import { X_TOKEN_SCHEME } from '../http/openapi/rights.js';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '../http/openapi/swagger.js';
import { stateOf } from '../http/request-state.js';
import type { RequiredRights, SelfAdmin } from './access.rules.js';

/** Who may call a route. A handler without a decision is refused. */
export type AccessDecision =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | ({ readonly kind: 'rights' } & RequiredRights);

export const ACCESS = 'certkeep:access';

/**
 * Declares the rights of a route, and adds them to the OpenAPI document. Users without these rights cannot call it for
 * themselves.
 */
export function Access(...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin: 'denied', dataRoom: 'clientInPath' });
}

/** Like `Access`, and users may call it for their own record. */
export function AccessOrSelf(selfAdmin: SelfAdmin, ...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin, dataRoom: 'clientInPath' });
}

/** Like `Access`, for callers whose data room is all clients. */
export function AccessToEveryClient(...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin: 'denied', dataRoom: 'everyClient' });
}

/** Like `Access`, for a route that concerns no client, or filters its response by the caller's data room. */
export function AccessWithoutClient(...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin: 'denied', dataRoom: 'none' });
}

export function Authenticated(): MethodDecorator {
  return accessOf({ kind: 'authenticated' });
}

export function Public(): MethodDecorator {
  return SetMetadata(ACCESS, { kind: 'public' } satisfies AccessDecision);
}

function accessOf(decision: AccessDecision): MethodDecorator {
  const decorators = [SetMetadata(ACCESS, decision), ApiBearerAuth()];
  if (decision.kind === 'rights') {
    decorators.push(ApiExtension('x-permissions', decision.permissions.map(permissionToWire)));
    decorators.push(ApiExtension('x-self-admin', decision.selfAdmin));
    decorators.push(ApiExtension('x-data-room', decision.dataRoom));
    if (decision.selfAdmin !== 'denied') decorators.push(ApiSecurity({ bearer: [], [X_TOKEN_SCHEME]: [] }));
  }
  return applyDecorators(...decorators);
}

/** The caller that the guard has authorized. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = stateOf(context.switchToHttp().getRequest<Request>());
  if (caller === undefined) throw new Error('A route without an access decision has no caller.');
  return caller;
});
