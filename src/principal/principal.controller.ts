import { Controller, Get } from '@nestjs/common';

import { AccessWithoutClient, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PrincipalResource } from './principal-resource.js';
import { PrincipalService } from './principal.service.js';

/** T2. */
@ApiTags('principal')
@Controller('nevisidm/api/principal/v1/me')
export class PrincipalController {
  constructor(private readonly principal: PrincipalService) {}

  @Summary(
    'Read the user of the caller',
    'The user that the token names, independent of the data room.',
    'An administrator who is not a user of this server gets a 404.',
  )
  @AccessWithoutClient('SelfAdmin')
  @Answers(PrincipalResource, { versioned: false })
  @Refuses('errors.noRecord')
  @Get()
  async getPrincipal(@CurrentCaller() caller: Caller): Promise<PrincipalResource> {
    return await this.principal.read(caller);
  }
}
