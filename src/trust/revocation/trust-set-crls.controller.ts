import { Controller, Delete, Get, HttpCode, Param, Put, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AuditedAs } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import type { PageBody } from '../../common/page.js';
import { OctetsBody, takeOctets } from '../../http/octets-body.js';
import { Answers, AnswersNothing, AnswersPage, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiTags } from '../../http/openapi/swagger.js';
import type { TrustSetPath } from '../trust-set.table.js';
import { TrustSetCrlResource } from './trust-set-crl-resource.js';
import { type TrustSetCrlPath, TrustSetCrlsService } from './trust-set-crls.service.js';

const CRL = { type: 'application/pkix-crl', limit: 10 * 1024 * 1024 } as const;

/** G6. */
@ApiTags('trust-anchor sets')
@Controller('nevisidm/api/core/v1/:clientExtId/trust-anchor-sets/:extId/crls')
export class TrustSetCrlsController {
  constructor(private readonly crls: TrustSetCrlsService) {}

  @Summary('List the CRLs of a trust-anchor set', 'Always one page, in the order of their names.')
  @Access('PolicyView')
  @AnswersPage(TrustSetCrlResource)
  @Get()
  async listTrustAnchorSetCrls(
    @CurrentCaller() { now }: Caller,
    @Param() { clientExtId, extId }: TrustSetPath,
  ): Promise<PageBody<TrustSetCrlResource>> {
    return await this.crls.list({ clientExtId, extId }, now);
  }

  @Summary(
    'Put a CRL into a trust-anchor set',
    'The body is one CRL in DER or PEM, of at most 10 MiB. It replaces the CRL with this name, also a newer one, and the answer then says so.',
    'A set has at most 20. One that cannot be read is 422; one that does not count is stored, and `reason` says why.',
  )
  @Access('PolicyView', 'PolicyModify')
  @Answers(TrustSetCrlResource, { versioned: false })
  @AuditedAs('trustAnchorSet', { extId: 'extId' })
  @OctetsBody(CRL.type)
  @Put(':name')
  async replaceTrustAnchorSetCrl(
    @CurrentCaller() caller: Caller,
    @Param() path: TrustSetCrlPath,
    @Req() request: Request,
  ): Promise<TrustSetCrlResource> {
    return await takeOctets(request, CRL, async (bytes) => await this.crls.put(caller, path, bytes));
  }

  @Summary('Delete a CRL of a trust-anchor set')
  @Access('PolicyView', 'PolicyModify')
  @AnswersNothing()
  @HttpCode(204)
  @AuditedAs('trustAnchorSet', { extId: 'extId' })
  @Delete(':name')
  async deleteTrustAnchorSetCrl(@CurrentCaller() caller: Caller, @Param() path: TrustSetCrlPath): Promise<void> {
    await this.crls.remove(caller, path);
  }
}
