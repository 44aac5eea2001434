import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs, NotAudited } from '../audit/audited-as.decorator.js';
import { Access, AccessToEveryClient, AccessWithoutClient, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { appError, invalidParameter } from '../common/errors.js';
import type { IfMatch } from '../common/expected-version.js';
import type { Page } from '../common/page.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiQuery, ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { ClientCreationService } from './client-creation.service.js';
import { ClientDeletionService } from './client-deletion.service.js';
import { ClientResource } from './client-resource.js';
import { ClientUpdateService } from './client-update.service.js';
import { CreateClientDto, UpdateClientDto } from './client.dto.js';
import type { ClientPath } from './client.table.js';
import { ClientsService } from './clients.service.js';

@ApiTags('clients')
@Controller('nevisidm/api/core/v1/clients')
export class ClientsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly creation: ClientCreationService,
    private readonly updates: ClientUpdateService,
    private readonly deletion: ClientDeletionService,
  ) {}

  @Summary('List the clients', "Only those in the caller's data room.")
  @AccessWithoutClient('ClientView')
  @AnswersPage(ClientResource)
  @ApiPageQuery()
  @Get()
  async listClients(@CurrentCaller() caller: Caller, @Req() request: Request): Promise<Page<ClientResource>> {
    return await this.clients.list(caller, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }

  @Summary(
    'Create a client',
    'Also creates its default CertificatePolicy and PwdPolicy.',
    'Requires a data room of all clients.',
  )
  @AccessToEveryClient('ClientCreate')
  @Answers(ClientResource, { status: 201 })
  @Refuses('errors.duplicateName', 'errors.duplicateValue')
  @NotAudited()
  @Post()
  async createClient(
    @CurrentCaller() caller: Caller,
    @RequestBody(CreateClientDto) client: CreateClientDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ClientResource> {
    return answerCreated(request, response, await this.creation.create(caller, client), false);
  }

  @Summary('Read a client', '`remarks` can be written but are not returned.')
  @Access('ClientView')
  @Answers(ClientResource)
  @Get(':clientExtId')
  async getClient(@Param() path: ClientPath, @Res({ passthrough: true }) response: Response): Promise<ClientResource> {
    return answerVersioned(response, await this.clients.read(path.clientExtId));
  }

  @Summary('Change a client', '`displayName` is merged language by language.')
  @Access('ClientModify')
  @Answers(ClientResource)
  @Refuses('errors.duplicateName')
  @AuditedAs('client', { extId: 'clientExtId' })
  @Patch(':clientExtId')
  async updateClient(
    @CurrentCaller() caller: Caller,
    @Param() path: ClientPath,
    @RequestBody(UpdateClientDto) patch: UpdateClientDto,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ClientResource> {
    return answerVersioned(response, await this.updates.update(caller, path.clientExtId, patch, ifMatch));
  }

  @Summary(
    'Delete a client and everything in it',
    'Also deletes its users, credentials, policies and key stores; the audit log is kept.',
    'The name can be reused, the external ID cannot.',
  )
  @Access('ClientDelete')
  @AnswersNothing()
  @ApiQuery({
    name: 'audit',
    required: false,
    schema: { type: 'string', enum: ['each'] },
    description: 'Write an audit event for each removed resource, and not one for the client that counts them by kind.',
  })
  @HttpCode(204)
  @AuditedAs('client', { extId: 'clientExtId' })
  @Delete(':clientExtId')
  async deleteClient(
    @CurrentCaller() caller: Caller,
    @Param() path: ClientPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Req() request: Request,
  ): Promise<void> {
    const each = readEach(readQuery(request, ['audit'])['audit']);
    await this.deletion.remove(caller, path.clientExtId, ifMatch, each);
  }
}

function readEach(audit: string | undefined): boolean {
  if (audit === undefined || audit === 'each') return audit !== undefined;
  throw appError(invalidParameter('audit', 'audit must be each.'));
}
