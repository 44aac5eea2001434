import { Controller, Delete, Get, HttpCode, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersLines, AnswersNothing, AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { streamAnswer } from '../http/streamed-answer.js';
import { JobResource, JobRowResource } from './job-resource.js';
import { type JobPath, JobsService } from './jobs.service.js';

const LINES = 'application/x-ndjson';

/** B1: what a job has done, and stopping it. */
@ApiTags('jobs')
@Controller('nevisidm/api/core/v1/:clientExtId/certificates/bulk')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Summary('List the jobs of a client', 'Newest first. A job is kept for 30 days after its end.')
  @Access('CredentialView')
  @AnswersPage(JobResource)
  @ApiPageQuery()
  @Get()
  async listJobs(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
  ): Promise<Page<JobResource>> {
    return await this.jobs.list(caller, clientExtId, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }

  @Summary(
    'Read a job and its results',
    'With `Accept: application/x-ndjson`, one line for each row in order, and a last line with the job. An answer without that line is not complete.',
  )
  @Access('CredentialView')
  @AnswersLines({ lines: [JobRowResource, JobResource], json: JobResource })
  @Get(':id')
  async getJob(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId, id }: JobPath,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const path = { clientExtId, id };
    if (request.accepts(['application/json', LINES]) !== LINES) {
      response.json(await this.jobs.read(caller, path));
      return;
    }
    // An unknown job is refused before the answer begins.
    await this.jobs.row(path);
    await streamAnswer(response, `${LINES}; charset=utf-8`, linesOf(this.jobs.results(caller, path)));
  }

  @Summary(
    'Stop a job',
    'Once this is answered, no further row is changed. What has been changed stays so, and can be undone. A job that has ended stays as it is.',
    'This requires the rights with which such a job is made.',
  )
  @Access('CredentialView')
  @AnswersNothing()
  @HttpCode(204)
  @AuditedAs('job', { extId: 'id' })
  @Delete(':id')
  async stopJob(@CurrentCaller() caller: Caller, @Param() { clientExtId, id }: JobPath): Promise<void> {
    await this.jobs.stop(caller, { clientExtId, id });
  }
}

async function* linesOf(results: AsyncGenerator<JobRowResource | JobResource>): AsyncGenerator<string> {
  for await (const each of results) yield `${JSON.stringify(each)}\n`;
}
