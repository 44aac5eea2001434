import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { appError } from '../../common/errors.js';
import { DRY_RUN } from '../../http/dry-run-body.decorator.js';
import { hasContentCoding, isUtf8Charset, mediaTypeOf } from '../../http/headers.js';
import { Refuses, Summary } from '../../http/openapi/operation.decorators.js';
import {
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '../../http/openapi/swagger.js';
import { booleanParameter, readQuery } from '../../http/query.js';
import { streamAnswer } from '../../http/streamed-answer.js';
import { streamedBody } from '../../http/streamed-body.js';
import { AnswersJob, answerJob } from '../job-answer.js';
import { JobRowResource } from '../job-resource.js';
import { rightsOf } from '../job-rights.rules.js';
import { JobsService } from '../jobs.service.js';
import { ImportDryRun } from './import-dry-run.js';
import { ImportLineDto } from './import-line.js';
import { ImportSummary, ImportSummaryResource } from './import-summary.js';
import { type ImportedFile, ImportService, type LoadedFile } from './import.service.js';

const LINES = 'application/x-ndjson';
const CSV = 'text/csv';

/** B2 (contract 17.4). */
@ApiTags('jobs')
@Controller('nevisidm/api/core/v1/:clientExtId/import')
export class ImportController {
  constructor(
    private readonly imports: ImportService,
    private readonly dryRuns: ImportDryRun,
    private readonly jobs: JobsService,
  ) {}

  @Summary(
    'Import users and certificates',
    'Each line is a user, a certificate, or both: what is not there is created, what differs is changed, and a second import of the same file changes nothing. A member that is not sent stays as it is.',
    'In CSV, the first record names the columns, such as `name.firstName` and `contacts.email`; an empty field clears a member that can be cleared. The exports of users and of certificates have this form. A file has at most 100,000 lines and 512 MiB, a line 32 KiB.',
    'The answer comes when the file has arrived; the lines are then changed by a job, each by the rules and rights of the single change.',
    'With `dryRun=true`, nothing is written: one line for each line of the file, and a last line with the counts. An answer without that line is not complete.',
  )
  @Access(...rightsOf('import'))
  @ApiConsumes(LINES, CSV)
  @ApiExtraModels(ImportLineDto, JobRowResource, ImportSummaryResource)
  @ApiBody({ required: true, schema: { $ref: getSchemaPath(ImportLineDto) } })
  @DRY_RUN
  @AnswersJob()
  @ApiResponse({
    status: 200,
    description: 'Of a dry run: one JSON object on each line.',
    content: {
      [LINES]: {
        schema: { oneOf: [JobRowResource, ImportSummaryResource].map((one) => ({ $ref: getSchemaPath(one) })) },
      },
    },
  })
  @Refuses('errors.policyViolation')
  @AuditedAs('client', { extId: 'clientExtId' })
  @Post()
  async importLines(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const isDryRun = booleanParameter('dryRun', readQuery(request, ['dryRun'])['dryRun']);
    const file = fileOf(request);
    if (isDryRun) {
      await this.imports.withLoaded(caller, clientExtId, file, async (loaded) => {
        await this.sendDryRun(caller, clientExtId, loaded, response);
      });
      return;
    }
    const id = await this.imports.begin(caller, clientExtId, file);
    const job = await this.jobs.read(caller, { clientExtId, id });
    response.json(answerJob(response, clientExtId, job));
  }

  private async sendDryRun(caller: Caller, clientExtId: string, loaded: LoadedFile, response: Response): Promise<void> {
    const results = this.dryRuns.results(caller, clientExtId, loaded);
    try {
      // Whatever refuses it does so before the answer begins.
      const first = await results.next();
      await streamAnswer(response.status(200), `${LINES}; charset=utf-8`, textOf(first, results));
    } finally {
      // Also if the caller hangs up.
      await results.return(undefined);
      await this.imports.remove(clientExtId, loaded.id);
    }
  }
}

type Results = AsyncGenerator<readonly JobRowResource[]>;

async function* textOf(first: Awaited<ReturnType<Results['next']>>, results: Results): AsyncGenerator<string> {
  const summary = new ImportSummary();
  for (let step = first; step.done !== true; step = await results.next()) {
    summary.add(step.value);
    yield step.value.map((result) => `${JSON.stringify(result)}\n`).join('');
  }
  yield `${JSON.stringify(summary.resource())}\n`;
}

function fileOf(request: Request): ImportedFile {
  const { type, parameters } = mediaTypeOf(request);
  if ((type !== LINES && type !== CSV) || !isUtf8Charset(parameters['charset']) || hasContentCoding(request)) {
    const message = `The body must be ${LINES} or ${CSV} in UTF-8, without a content coding.`;
    throw appError({ code: 'errors.unsupportedMediaType', message, field: 'Content-Type' });
  }
  return { format: type === CSV ? 'csv' : 'ndjson', body: streamedBody(request) };
}
