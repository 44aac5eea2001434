import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiHeader } from '@nestjs/swagger';

import { permissionToWire } from '../common/permission.js';
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
    decorators.push(ApiExtension('x-data-room', decision.dataRoom));
    if (decision.selfAdmin !== 'denied') {
      decorators.push(
        ApiHeader({
          name: 'X-Token',
          required: false,
          description:
            decision.selfAdmin === 'withXToken'
              ? 'The raw `access_token` of `/nevisidm/api/principal/v1/token`. Required of a caller who has only SelfAdmin.'
              : 'The raw `access_token` of `/nevisidm/api/principal/v1/token`. Verified where it is sent.',
        }),
      );
    }
  }
  return applyDecorators(...decorators);
}
