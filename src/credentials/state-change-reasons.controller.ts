import { Controller, Get } from '@nestjs/common';

import { Authenticated } from '../auth/access.decorator.js';
import type { PageBody } from '../common/page.js';
import { AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiProperty, ApiTags } from '../http/openapi/swagger.js';
import { STATE_CHANGE_REASONS } from './credential-state.rules.js';

export class StateChangeReasonResource {
  @ApiProperty({ enum: STATE_CHANGE_REASONS, example: 'cert-uploaded' })
  readonly name!: string;
}

/** Y1: the documented reasons, in the envelope of every list, always on one page. */
@ApiTags('credentials')
@Controller('nevisidm/api/core/v1/system/credential-state-change-reasons')
export class StateChangeReasonsController {
  @Summary('List the reasons of state changes', 'Always one page.')
  @Authenticated()
  @AnswersPage(StateChangeReasonResource)
  @Get()
  listStateChangeReasons(): PageBody<StateChangeReasonResource> {
    const items = STATE_CHANGE_REASONS.map((name) => ({ name }));
    return { items, _pagination: { limit: items.length }, _classifications: {} };
  }
}
