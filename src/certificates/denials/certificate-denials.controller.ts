import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Access } from '../../auth/access.decorator.js';
import { appError, invalidParameter } from '../../common/errors.js';
import { Metrics } from '../../http/metrics.js';
import { AnswersLines, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiQuery, ApiTags } from '../../http/openapi/swagger.js';
import { readQuery } from '../../http/query.js';
import { stateOf } from '../../http/request-state.js';
import { streamAnswer } from '../../http/streamed-answer.js';
import { DenialFeedService, MAX_STREAM_MS } from './denial-feed.service.js';
import { DenialNumbering } from './denial-numbering.js';
import { DenialLineResource, DenialPageResource } from './denial-resource.js';

const LINES = 'application/x-ndjson';

/** A whole number in the query. */
const LIMIT = { name: 'limit', minimum: 1, maximum: 1000, default: 100 } as const;
const WAIT = { name: 'waitSeconds', minimum: 0, maximum: 25, default: 0 } as const;
const AFTER = 'after';

/** A reader that does not take what it is sent would otherwise keep its place. */
const CUT_MS = MAX_STREAM_MS + 30_000;

type Batches = AsyncIterator<readonly DenialLineResource[]>;

/** L11. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/certificate-denials')
export class CertificateDenialsController {
  constructor(
    private readonly feed: DenialFeedService,
    numbering: DenialNumbering,
    metrics: Metrics,
  ) {
    metrics.showDenials(numbering, feed.readers);
  }

  @Summary(
    'Read which logins have to be asked for again',
    'For gateways that remember which certificates may log in: what the answer names is to be forgotten, and with `resync` everything. Without `after`, the answer is where the feed is now.',
    'With `Accept: application/x-ndjson` it is a stream of lines, at least one every ten seconds, that ends after five minutes; `limit` and `waitSeconds` then have no effect.',
    'Denials are kept for seven days.',
  )
  @Access('CertificateLogin')
  @ApiQuery({
    name: AFTER,
    required: false,
    schema: { type: 'string' },
    description: 'The cursor of the answer or line before. An unknown or old one is answered with `resync`.',
  })
  @ApiQuery({ name: LIMIT.name, required: false, schema: schemaOf(LIMIT), description: 'Denials in one answer.' })
  @ApiQuery({
    name: WAIT.name,
    required: false,
    schema: schemaOf(WAIT),
    description: 'If there is nothing new, the answer comes as soon as there is, at the latest after so many seconds.',
  })
  @AnswersLines({ lines: [DenialLineResource], json: DenialPageResource })
  @Get()
  async getCertificateDenials(
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const sent = readQuery(request, [AFTER, LIMIT.name, WAIT.name]);
    const [limit, waitSeconds] = [readNumber(sent, LIMIT), readNumber(sent, WAIT)];
    const query = { clientExtId, after: sent[AFTER], limit, waitSeconds };
    const { signal } = stateOf(request);
    response.setHeader('Cache-Control', 'no-store');
    // HEAD has no body to stream.
    if (request.method === 'HEAD' || request.accepts(['application/json', LINES]) !== LINES) {
      response.json(await this.feed.page(signal, query));
      return;
    }
    // nginx would otherwise keep lines until its buffer is full.
    response.setHeader('X-Accel-Buffering', 'no');
    const batches = this.feed.lines(signal, query);
    const cut = setTimeout(() => response.destroy(), CUT_MS);
    try {
      // Whatever refuses it does so before the answer begins.
      const first = await batches.next();
      await streamAnswer(response, `${LINES}; charset=utf-8`, textOf(first, batches));
    } finally {
      clearTimeout(cut);
      // Also if the caller hangs up.
      await batches.return(undefined);
    }
  }
}

async function* textOf(first: Awaited<ReturnType<Batches['next']>>, batches: Batches): AsyncGenerator<string> {
  for (let step = first; step.done !== true; step = await batches.next()) {
    yield step.value.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}

type WholeNumber = typeof LIMIT | typeof WAIT;

function schemaOf({ minimum, maximum, default: usual }: WholeNumber) {
  return { type: 'integer', minimum, maximum, default: usual } as const;
}

function readNumber(
  sent: Readonly<Record<string, string>>,
  { name, minimum, maximum, default: usual }: WholeNumber,
): number {
  const text = sent[name];
  if (text === undefined) return usual;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw appError(invalidParameter(name, `${name} must be a whole number from ${minimum} to ${maximum}.`));
}
