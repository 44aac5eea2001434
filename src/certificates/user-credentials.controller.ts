import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AccessOrSelf, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import type { CertificatesPath } from './certificate-path.js';
import { USER_CREDENTIAL_RESOURCES, type UserCredentialResource } from './user-credential-resource.js';
import { UserCredentialsService } from './user-credentials.service.js';

@ApiTags('credentials')
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/credentials')
export class UserCredentialsController {
  constructor(private readonly credentials: UserCredentialsService) {}

  @Summary(
    'List all credentials of a user',
    'Credentials of every type, each with all its members. `type` is the type of the credential.',
  )
  @AccessOrSelf('allowed', 'CredentialView')
  @AnswersPage(USER_CREDENTIAL_RESOURCES)
  @ApiPageQuery()
  @Get()
  async listUserCredentials(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatesPath,
    @Req() request: Request,
  ): Promise<Page<UserCredentialResource>> {
    return await this.credentials.list(caller, path, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }
}
