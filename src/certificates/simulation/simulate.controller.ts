import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { NotAudited } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { AnswersLines, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiTags } from '../../http/openapi/swagger.js';
import { RequestBody } from '../../http/request-body.decorator.js';
import { streamAnswer } from '../../http/streamed-answer.js';
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
    try {
      // Whatever refuses it does so before the answer begins.
      const first = await simulation.next();
      if (request.accepts([LINES, 'application/json']) === 'application/json') {
        response.json(await shown(first, simulation));
        return;
      }
      await streamAnswer(response, `${LINES}; charset=utf-8`, linesOf(first, simulation));
    } finally {
      // Also if the caller hangs up.
      await simulation.return(undefined as never);
    }
  }
}

type Step = Awaited<ReturnType<Simulation['next']>>;

async function shown(first: Step, simulation: Simulation): Promise<SimulationResource> {
  const changes: SimulatedChange[] = [];
  for (let step = first; ; step = await simulation.next()) {
    if (step.done === true) return { summary: step.value, changes };
    changes.push(...step.value.slice(0, MAX_SHOWN - changes.length));
  }
}

async function* linesOf(first: Step, simulation: Simulation): AsyncGenerator<string> {
  let step = first;
  for (; step.done !== true; step = await simulation.next()) {
    if (step.value.length > 0) yield step.value.map((change) => `${JSON.stringify(change)}\n`).join('');
  }
  yield `${JSON.stringify(step.value)}\n`;
}
