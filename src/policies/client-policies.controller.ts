import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { Access } from '../auth/access.decorator.js';
import type { Page } from '../common/page.js';
import { AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { PoliciesService } from './policies.service.js';
import { PolicyResource } from './policy-resource.js';

/** C7. */
@ApiTags('policies')
@Controller('nevisidm/api/core/v1/clients/:clientExtId/policies')
export class ClientPoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Summary('List the policies of a client')
  @Access('ClientView', 'PolicyConfigurationView')
  @AnswersPage(PolicyResource)
  @ApiPageQuery()
  @Get()
  async listPolicies(
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
  ): Promise<Page<PolicyResource>> {
    return await this.policies.list(clientExtId, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }
}
