import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { AuditEventResource } from '../audit/event-resource.js';
import { Access } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { Page } from '../common/page.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, AnswersPage } from '../http/openapi/operation.decorators.js';
import { Refuses } from '../http/openapi/operation.decorators.js';
import { Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { ApiPastInstant, PastInstant } from '../http/past-instant.decorator.js';
import { readQuery } from '../http/query.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { TrustSetCreationService } from './trust-set-creation.service.js';
import { TrustSetDeletionService } from './trust-set-deletion.service.js';
import { TrustAnchorSetResource } from './trust-set-resource.js';
import { TrustSetUpdateService } from './trust-set-update.service.js';
import { CreateTrustSetDto, UpdateTrustSetDto } from './trust-set.dto.js';
import type { TrustSetPath } from './trust-set.table.js';
import { TrustService } from './trust.service.js';

/** 100 anchors and 200 intermediates of usual size. */
const BODY_LIMIT = 1024 * 1024;

/** G2 to G5. */
@ApiTags('trust-anchor sets')
@Controller('nevisidm/api/core/v1/:clientExtId/trust-anchor-sets')
export class TrustSetsController {
  constructor(
    private readonly trust: TrustService,
    private readonly creation: TrustSetCreationService,
    private readonly updates: TrustSetUpdateService,
    private readonly deletion: TrustSetDeletionService,
  ) {}

  @Summary(
    'Create a trust-anchor set',
    'A policy names it with the parameter `trustAnchors`. `anchors` are the certificates that a path may end at, whoever signed them;',
    '`intermediates` complete paths to them, and nothing is fetched. Each has the certificates of one text, in PEM.',
    'A certificate that cannot be read, or is there twice, is 422, with its `index`. One that no path can use is stored, and `certificates` says why.',
  )
  @Access('PolicyCreate')
  @Answers(TrustAnchorSetResource, { status: 201 })
  @Refuses('errors.duplicateName', 'errors.duplicateValue')
  @AuditedAs('client', { extId: 'clientExtId' })
  @Post()
  async createTrustAnchorSet(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @RequestBody(CreateTrustSetDto, BODY_LIMIT) sent: CreateTrustSetDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TrustAnchorSetResource> {
    return answerCreated(request, response, await this.creation.create(caller, clientExtId, sent), false);
  }

  @Summary('Read a trust-anchor set', '`?at=` answers it as it was, and which of its certificates were usable then.')
  @Access('PolicyView')
  @Answers(TrustAnchorSetResource)
  @ApiPastInstant()
  @Get(':extId')
  async getTrustAnchorSet(
    @CurrentCaller() { now }: Caller,
    @Param() { clientExtId, extId }: TrustSetPath,
    @PastInstant() instant: Date | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TrustAnchorSetResource> {
    const path = { clientExtId, extId };
    if (instant !== undefined) return await this.trust.readAt(path, instant);
    return answerVersioned(response, await this.trust.read(path, now));
  }

  @Summary(
    'List the versions of a trust-anchor set',
    'Newest first, with the values that changed; of a deleted one, too.',
  )
  @Access('PolicyView')
  @AnswersPage(AuditEventResource)
  @ApiPageQuery()
  @Get(':extId/history')
  async listTrustAnchorSetHistory(
    @Param() path: TrustSetPath,
    @Req() request: Request,
  ): Promise<Page<AuditEventResource>> {
    return await this.trust.history(path, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }

  @Summary(
    'Change a trust-anchor set',
    '`anchors` and `intermediates` are replaced as a whole. Certificates that are registered later are evaluated against the new set.',
  )
  @Access('PolicyView', 'PolicyModify')
  @Answers(TrustAnchorSetResource)
  @Refuses('errors.duplicateName')
  @AuditedAs('trustAnchorSet', { extId: 'extId' })
  @Patch(':extId')
  async updateTrustAnchorSet(
    @CurrentCaller() caller: Caller,
    @Param() path: TrustSetPath,
    @RequestBody(UpdateTrustSetDto, BODY_LIMIT) patch: UpdateTrustSetDto,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TrustAnchorSetResource> {
    return answerVersioned(response, await this.updates.update(caller, path, { patch, ifMatch }));
  }

  @Summary('Delete a trust-anchor set', 'Refused while policies name it; the message says which.')
  @Access('PolicyDelete')
  @AnswersNothing()
  @Refuses('errors.undeletedDependencies')
  @HttpCode(204)
  @AuditedAs('trustAnchorSet', { extId: 'extId' })
  @Delete(':extId')
  async deleteTrustAnchorSet(
    @CurrentCaller() caller: Caller,
    @Param() path: TrustSetPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }
}
