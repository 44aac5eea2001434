import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { NotAudited } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { AnswersLines, Summary } from '../../http/openapi/operation.decorators.js';
import { RequestBody } from '../../http/request-body.decorator.js';
import { SimulatePolicyDto } from './simulate.dto.js';
import { SimulatedChangeResource, SimulationResource, SimulationSummaryResource } from './simulation-resource.js';
import type { SimulatedChange } from './simulation.rules.js';
import { type SimulatedPath, type Simulation, SimulationService } from './simulation.service.js';

const LINES = 'application/x-ndjson';

/** Of the answer as one JSON object. */
const MAX_SHOWN = 100;

/** E2. */
@ApiTags('policies')
@Controller('nevisidm/api/core/v1/:clientExtId/policies')
export class SimulateController {
  constructor(private readonly simulations: SimulationService) {}

  @Summary(
    'Simulate a change of a policy',
    'Nothing changes. Every certificate that uses the policy is evaluated by the policy as it is and as it would be; one line for each that would be treated in another way, and a last line with the summary.',
    'An answer without the summary is not complete. With `Accept: application/json`, the answer is one object: the summary and the first 100.',
    'Revocation is evaluated by what is stored; nothing is fetched.',
  )
  @Access('PolicyView', 'CredentialView')
  @AnswersLines({ lines: [SimulatedChangeResource, SimulationSummaryResource], json: SimulationResource })
  @NotAudited()
  @HttpCode(200)
  @Post(':extId/simulate')
  async simulatePolicy(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId, extId }: SimulatedPath,
    @RequestBody(SimulatePolicyDto) { parameters }: SimulatePolicyDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const simulation = await this.simulations.begin(caller, { clientExtId, extId }, parameters);
    if (request.accepts([LINES, 'application/json']) === 'application/json') {
      response.json(await shown(simulation));
      return;
    }
    response.setHeader('Content-Type', `${LINES}; charset=utf-8`);
    await pipeline(Readable.from(linesOf(simulation)), response);
  }
}

async function shown(simulation: Simulation): Promise<SimulationResource> {
  const changes: SimulatedChange[] = [];
  for (;;) {
    const next = await simulation.next();
    if (next.done === true) return { summary: next.value, changes };
    changes.push(...next.value.slice(0, MAX_SHOWN - changes.length));
  }
}

async function* linesOf(simulation: Simulation): AsyncGenerator<string> {
  try {
    for (;;) {
      const next = await simulation.next();
      if (next.done === true) {
        yield `${JSON.stringify(next.value)}\n`;
        return;
      }
      if (next.value.length > 0) yield next.value.map((change) => `${JSON.stringify(change)}\n`).join('');
    }
  } finally {
    // Also if the caller hangs up.
    await simulation.return(undefined as never);
  }
}
