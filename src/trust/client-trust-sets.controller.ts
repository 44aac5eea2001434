import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { Access } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPage } from '../http/openapi/operation.decorators.js';
import { Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { TrustAnchorSetResource } from './trust-set-resource.js';
import { TrustService } from './trust.service.js';

/** G1. */
@ApiTags('trust-anchor sets')
@Controller('nevisidm/api/core/v1/clients/:clientExtId/trust-anchor-sets')
export class ClientTrustSetsController {
  constructor(private readonly trust: TrustService) {}

  @Summary('List the trust-anchor sets of a client')
  @Access('ClientView', 'PolicyConfigurationView')
  @AnswersPage(TrustAnchorSetResource)
  @ApiPageQuery()
  @Get()
  async listTrustAnchorSets(
    @CurrentCaller() { now }: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
  ): Promise<Page<TrustAnchorSetResource>> {
    return await this.trust.list(clientExtId, readPageRequest(readQuery(request, PAGE_PARAMETERS)), now);
  }
}
