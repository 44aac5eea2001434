import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AuditEventResource } from '../audit/event-resource.js';
import { AccessOrSelf, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { CertificateHistoryService } from './certificate-history.service.js';
import type { CertificatePath } from './certificate-path.js';

/** The versions of a certificate credential, newest first; for a deleted one, those of its latest generation. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/certificates/:extId/history')
export class CertificateHistoryController {
  constructor(private readonly history: CertificateHistoryService) {}

  @Summary(
    'List the versions of a certificate credential',
    'Newest first. For a deleted credential: the versions of its latest generation, starting with the deletion.',
    'Read the credential with `?at=` to get a past version.',
  )
  @AccessOrSelf('allowed', 'CredentialView')
  @AnswersPage(AuditEventResource)
  @ApiPageQuery()
  @Get()
  async listCertificateHistory(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @Req() request: Request,
  ): Promise<Page<AuditEventResource>> {
    return await this.history.list(caller, path, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }
}
