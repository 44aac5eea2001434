import { Controller, Get } from '@nestjs/common';

import { Authenticated, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { permissionToWire } from '../common/permission.js';
import { Answers, Summary } from '../http/openapi/operation.decorators.js';
import { ApiProperty, ApiTags } from '../http/openapi/swagger.js';

class PermissionsResource {
  @ApiProperty({ type: [String], example: ['AccessControl.ClientView', 'AccessControl.UserView'] })
  readonly elementaryPermissions!: readonly string[];
}

/** T3: lets a console show only what its user may do. */
@ApiTags('principal')
@Controller('nevisidm/api/principal/v1/permissions')
export class PermissionsController {
  @Summary('Read the permissions of the caller', 'The permissions granted by the permissions and roles of the token.')
  @Authenticated()
  @Answers(PermissionsResource, { versioned: false })
  @Get()
  getPermissions(@CurrentCaller() { actor }: Caller): PermissionsResource {
    return { elementaryPermissions: [...actor.permissions].map(permissionToWire).toSorted() };
  }
}
