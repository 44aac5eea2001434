import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { appError, invalidParameter } from '../../common/errors.js';
import { Refuses, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiExtraModels, ApiQuery, ApiResponse, ApiTags, getSchemaPath } from '../../http/openapi/swagger.js';
import { readQuery } from '../../http/query.js';
import { streamAnswer } from '../../http/streamed-answer.js';
import { ForecastGroups, type ForecastRow } from './client-auth-forecast.rules.js';
import { CSV_HEADER, csvOf, forecastGroupResource, ForecastResource } from './forecast-resource.js';
import { ForecastService } from './forecast.service.js';

const CSV = 'text/csv';
const DEFAULT_DAYS = 90;
const MAX_DAYS = 3_650;

/** Beyond that, the answer as CSV is the better one. */
const MAX_GROUPS = 10_000;

/** The report on certificates that will no longer do for client authentication (ADR 45). */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/certificates')
export class ForecastController {
  constructor(private readonly forecasts: ForecastService) {}

  @Summary(
    'Forecast which certificates will no longer do for client authentication',
    'Those without the purpose clientAuth (`lacksClientAuth`), those whose issuer is known from the trust-anchor sets and forbids it (`issuerForbidsClientAuth`), and those that end within `days` (`ends`).',
    'JSON counts them by issuer and user. With `Accept: text/csv`, every certificate is a record.',
  )
  @Access('CredentialView')
  @ApiQuery({
    name: 'days',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: MAX_DAYS, default: DEFAULT_DAYS },
    description: 'Certificates that end within so many days are listed.',
  })
  @ApiExtraModels(ForecastResource)
  @ApiResponse({
    status: 200,
    description: 'The forecast.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ForecastResource) } },
      [CSV]: { schema: { type: 'string' } },
    },
  })
  @Refuses('errors.tooManySearchResults')
  @Get('client-auth-forecast')
  async forecastClientAuth(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const days = readDays(readQuery(request, ['days'])['days']);
    const batches = this.forecasts.rows(caller, clientExtId, days);
    try {
      // Whatever refuses it does so before the answer begins.
      const first = await batches.next();
      const rest = restOf(first.done === true ? [] : first.value, batches);
      if (request.accepts(['application/json', CSV]) !== CSV) {
        response.json(await grouped(rest));
        return;
      }
      await streamAnswer(response, `${CSV}; charset=utf-8; header=present`, recordsOf(rest));
    } finally {
      // Also if the caller hangs up.
      await batches.return(undefined);
    }
  }
}

type Batches = AsyncIterable<readonly ForecastRow[]>;

async function* restOf(first: readonly ForecastRow[], batches: Batches): AsyncGenerator<readonly ForecastRow[]> {
  yield first;
  yield* batches;
}

async function* recordsOf(batches: Batches): AsyncGenerator<string> {
  yield CSV_HEADER;
  for await (const batch of batches) if (batch.length > 0) yield batch.map(csvOf).join('');
}

async function grouped(batches: Batches): Promise<ForecastResource> {
  const known = new ForecastGroups();
  for await (const batch of batches) {
    known.add(batch);
    if (known.size > MAX_GROUPS) {
      throw appError({
        code: 'errors.tooManySearchResults',
        message: `There are more than ${MAX_GROUPS} pairs of issuer and user. Ask for text/csv.`,
      });
    }
  }
  const groups = known.sorted();
  const certificates = groups.reduce((sum, group) => sum + group.certificates, 0);
  return { certificates, groups: groups.map(forecastGroupResource) };
}

function readDays(sent: string | undefined): number {
  if (sent === undefined) return DEFAULT_DAYS;
  const days = /^\d{1,4}$/.test(sent) ? Number(sent) : NaN;
  if (days <= MAX_DAYS) return days;
  throw appError(invalidParameter('days', `days must be a whole number from 0 to ${MAX_DAYS}.`));
}
