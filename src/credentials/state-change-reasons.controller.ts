import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';

import { Authenticated } from '../auth/access.decorator.js';
import { appError, invalidParameter } from '../common/errors.js';
import { type Page, pageOf, type PageStart } from '../common/page.js';
import { AnswersPage, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiProperty, ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { STATE_CHANGE_REASONS } from './credential-state.rules.js';

export class StateChangeReasonResource {
  @ApiProperty({ enum: STATE_CHANGE_REASONS, example: 'cert-uploaded' })
  readonly name!: string;
}

/** A reason was never created, so that tokens have the beginning of time. */
const CREATED = new Date(0);

/** Y1: the documented reasons, paged like every list. */
@ApiTags('credentials')
@Controller('nevisidm/api/core/v1/system/credential-state-change-reasons')
export class StateChangeReasonsController {
  @Summary('List the reasons of state changes')
  @Authenticated()
  @AnswersPage(StateChangeReasonResource)
  @ApiPageQuery()
  @Get()
  listStateChangeReasons(@Req() request: Request): Page<StateChangeReasonResource> {
    const page = readPageRequest(readQuery(request, PAGE_PARAMETERS));
    const rows = namesAfter(page.after).map((name) => ({ created: CREATED, extId: name, more: false }));
    const total = page.countTotal ? STATE_CHANGE_REASONS.length : undefined;
    return pageOf(rows, page, ({ extId: name }) => ({ name }), total);
  }
}

function namesAfter(after: PageStart | undefined): readonly string[] {
  if (after === undefined) return STATE_CHANGE_REASONS;
  const last = STATE_CHANGE_REASONS.findIndex((name) => name === after.extId);
  if (last < 0 || after.created !== CREATED.getTime()) {
    throw appError(invalidParameter('continuationToken', 'continuationToken was not returned by this list.'));
  }
  return STATE_CHANGE_REASONS.slice(last + 1);
}
