import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';

import { permissionToWire } from '../common/permission.js';
import { X_TOKEN_SCHEME } from '../http/openapi/security.js';
import type { RequiredRights, SelfAdmin } from './access.rules.js';

/** What a route says of who may call it. A handler without one is refused. */
export type AccessDecision =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | ({ readonly kind: 'rights' } & RequiredRights);

export const ACCESS = 'certkeep:access';

/** Rights of a route, whether its own user may call it without them, and the same said in the OpenAPI document. */
export function Access(...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin: 'denied', dataRoom: 'clientInPath' });
}

/** As `Access`, and open to the user whose record it is. */
export function AccessOrSelf(selfAdmin: SelfAdmin, ...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin, dataRoom: 'clientInPath' });
}

/** As `Access`, for callers whose data room is all clients. */
export function AccessToEveryClient(...permissions: RequiredRights['permissions']): MethodDecorator {
  return accessOf({ kind: 'rights', permissions, selfAdmin: 'denied', dataRoom: 'everyClient' });
}

/** As `Access`, of a route that concerns no client, or answers of each only to who reaches it. */
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
    if (decision.selfAdmin !== 'denied') decorators.push(ApiSecurity({ bearer: [], [X_TOKEN_SCHEME]: [] }));
  }
  return applyDecorators(...decorators);
}
