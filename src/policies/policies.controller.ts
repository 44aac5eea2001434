import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { Access } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/caller.decorator.js';
import type { Caller } from '../common/actor.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing } from '../http/openapi/answers.decorator.js';
import { Refuses } from '../http/openapi/refuses.decorator.js';
import { Summary } from '../http/openapi/summary.decorator.js';
import type { IfMatch } from '../http/precondition.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { CreatePolicyDto } from './dto/create-policy.dto.js';
import { UpdatePolicyDto } from './dto/update-policy.dto.js';
import { PoliciesService } from './policies.service.js';
import { PolicyCreationService } from './policy-creation.service.js';
import { PolicyDeletionService } from './policy-deletion.service.js';
import { PolicyResource } from './policy-resource.js';
import { PolicyUpdateService } from './policy-update.service.js';
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
    '`CertificatePolicy` and `PwdPolicy` are acted on, the other types are only stored.',
    'In a CertificatePolicy an unknown parameter is 422, and the nearest known one is named; in a PwdPolicy it is listed under `notEnforced`.',
    '`certificateUploadCheck` says what a violation is: `strict` refuses the certificate, `tolerant` stores it `disabled`.',
    'Where it is absent and another check is set, it is `strict`.',
  )
  @Access('PolicyCreate')
  @Answers(PolicyResource, { status: 201 })
  @Refuses('errors.duplicateName', 'errors.duplicateValue')
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

  @Summary('Read a policy')
  @Access('PolicyView')
  @Answers(PolicyResource)
  @Get(':extId')
  async getPolicy(@Param() path: PolicyPath, @Res({ passthrough: true }) response: Response): Promise<PolicyResource> {
    return answerVersioned(response, await this.policies.read(path));
  }

  @Summary(
    'Change a policy',
    '`parameters` are replaced whole: what is not sent is gone.',
    'The default of a type stays it until another policy takes the flag.',
  )
  @Access('PolicyView', 'PolicyModify')
  @Answers(PolicyResource)
  @Refuses('errors.deleteDefaultEntityFailure', 'errors.duplicateName')
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
  @Delete(':extId')
  async deletePolicy(
    @CurrentCaller() caller: Caller,
    @Param() path: PolicyPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }
}
