import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { BulkJobsService } from './bulk-jobs.service.js';
import { BulkPreviewResource, bulkPreviewResource } from './bulk-resource.js';
import { BulkDto } from './bulk.dto.js';
import { AnswersJob, answerJob } from './job-answer.js';
import type { JobResource } from './job-resource.js';
import type { JobPath } from './jobs.service.js';

/** B1: changing many certificates, and undoing it. */
@ApiTags('jobs')
@Controller('nevisidm/api/core/v1/:clientExtId/certificates/bulk')
export class BulkJobsController {
  constructor(private readonly jobs: BulkJobsService) {}

  @Summary(
    'Change many certificates',
    'The certificates are selected now, by a filter or by their ids, at most 100,000. Then each is changed by the rules of the single change, with an audit event of its own. One that has been replaced meanwhile is refused.',
    '`disable` and `enable` also require `AccessControl.CredentialModify`; `move` also `AccessControl.CredentialModify`, `AccessControl.CredentialChangeState` and `AccessControl.PolicyView`; `delete` also `AccessControl.CredentialDelete`.',
    'A move is evaluated as an upload of the stored certificate under the new policy. A client has one job at a time.',
    'With `dryRun`, nothing is written: the answer is 200 and says what would be done.',
  )
  @Access('CredentialView')
  @Answers(BulkPreviewResource, { versioned: false, description: 'Of a dry run: what would be done.' })
  @AnswersJob()
  @Refuses('errors.policyViolation', 'errors.tooManySearchResults')
  @HttpCode(202)
  @AuditedAs('client', { extId: 'clientExtId' })
  @Post()
  async createJob(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @RequestBody(BulkDto) sent: BulkDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobResource | BulkPreviewResource> {
    if (sent.dryRun !== true) return answerJob(response, clientExtId, await this.jobs.begin(caller, clientExtId, sent));
    const preview = await this.jobs.preview(caller, clientExtId, sent);
    response.status(200);
    return bulkPreviewResource(preview, caller.requestId);
  }

  @Summary(
    'Undo a job',
    'Within an hour after the end of a job that disabled, enabled or moved certificates. State, comment, policy and validity come back, of those that nobody has changed since; the others are refused. A state that allows logins does not come back if there is evidence that the certificate is revoked.',
    'This also requires the rights with which such a job is made.',
  )
  @Access('CredentialView')
  @AnswersJob()
  @Refuses('errors.policyViolation', 'errors.tooManySearchResults')
  @HttpCode(202)
  @AuditedAs('job', { extId: 'id' })
  @Post(':id/undo')
  async undoJob(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId, id }: JobPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobResource> {
    return answerJob(response, clientExtId, await this.jobs.undo(caller, { clientExtId, id }));
  }
}
