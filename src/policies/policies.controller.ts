import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { AuditEventResource } from '../audit/event-resource.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { Page } from '../common/page.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { ApiPastInstant, PastInstant } from '../http/past-instant.decorator.js';
import { readQuery } from '../http/query.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { PoliciesService } from './policies.service.js';
import { PolicyCreationService } from './policy-creation.service.js';
import { PolicyDeletionService } from './policy-deletion.service.js';
import { PolicyResource } from './policy-resource.js';
import { PolicyUpdateService } from './policy-update.service.js';
import { CreatePolicyDto, UpdatePolicyDto } from './policy.dto.js';
import type { PolicyPath } from './policy.table.js';

/** P1 to P4. */
@ApiTags('policies')
@Controller('nevisidm/api/core/v1/:clientExtId/policies')
export class PoliciesController {
  constructor(
    private readonly policies: PoliciesService,
    private readonly creation: PolicyCreationService,
    private readonly updates: PolicyUpdateService,
    private readonly deletion: PolicyDeletionService,
  ) {}

  @Summary(
    'Create a policy',
    'Only `CertificatePolicy` and `PwdPolicy` have an effect; the other types are only stored.',
    'In a CertificatePolicy an unknown parameter is 422, and the error names the most similar known one; in a PwdPolicy it is listed in `notEnforced`.',
    '`certificateUploadCheck` decides what happens on a violation: `strict` refuses the certificate, `tolerant` stores it as `disabled`.',
    'If it is absent and another check is set, it is `strict`.',
  )
  @Access('PolicyCreate')
  @Answers(PolicyResource, { status: 201 })
  @Refuses('errors.duplicateName', 'errors.duplicateValue')
  @AuditedAs('client', { extId: 'clientExtId' })
  @Post()
  async createPolicy(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @RequestBody(CreatePolicyDto) policy: CreatePolicyDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyResource> {
    return answerCreated(request, response, await this.creation.create(caller, clientExtId, policy), false);
  }

  @Summary('Read a policy', '`?at=` answers it as it was, which explains why a certificate was once taken or refused.')
  @Access('PolicyView')
  @Answers(PolicyResource)
  @ApiPastInstant()
  @Get(':extId')
  async getPolicy(
    @Param() { clientExtId, extId }: PolicyPath,
    @PastInstant() instant: Date | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyResource> {
    const path = { clientExtId, extId };
    if (instant !== undefined) return await this.policies.readAt(path, instant);
    return answerVersioned(response, await this.policies.read(path));
  }

  @Summary('List the versions of a policy', 'Newest first, with the values that changed; of a deleted one, too.')
  @Access('PolicyView')
  @AnswersPage(AuditEventResource)
  @ApiPageQuery()
  @Get(':extId/history')
  async listPolicyHistory(@Param() path: PolicyPath, @Req() request: Request): Promise<Page<AuditEventResource>> {
    return await this.policies.history(path, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }

  @Summary(
    'Change a policy',
    '`parameters` are replaced as a whole: those that are not sent are removed.',
    'A policy remains the default of its type until another policy becomes the default.',
  )
  @Access('PolicyView', 'PolicyModify')
  @Answers(PolicyResource)
  @Refuses('errors.deleteDefaultEntityFailure', 'errors.duplicateName')
  @AuditedAs('policy', { extId: 'extId' })
  @Patch(':extId')
  async updatePolicy(
    @CurrentCaller() caller: Caller,
    @Param() path: PolicyPath,
    @RequestBody(UpdatePolicyDto) patch: UpdatePolicyDto,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PolicyResource> {
    return answerVersioned(response, await this.updates.update(caller, path, { patch, ifMatch }));
  }

  @Summary('Delete a policy', 'Refused for the default of its type, and while credentials use it.')
  @Access('PolicyDelete')
  @AnswersNothing()
  @Refuses('errors.deleteDefaultEntityFailure', 'errors.undeletedDependencies')
  @HttpCode(204)
  @AuditedAs('policy', { extId: 'extId' })
  @Delete(':extId')
  async deletePolicy(
    @CurrentCaller() caller: Caller,
    @Param() path: PolicyPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }
}
