import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, AccessOrSelf, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { PasswordResource } from '../credentials/credential-resource.js';
import { answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { PasswordCreationService } from './password-creation.service.js';
import { PasswordUpdateService } from './password-update.service.js';
import { CreatePasswordDto, UpdatePasswordDto } from './password.dto.js';
import type { PasswordPath } from './password.table.js';
import { PasswordsService } from './passwords.service.js';

/** W1. */
@ApiTags('passwords')
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/password')
export class PasswordsController {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly creation: PasswordCreationService,
    private readonly updates: PasswordUpdateService,
  ) {}

  @Summary('Read the password credential of a user', 'The password itself is never returned.')
  @AccessOrSelf('allowed', 'CredentialView')
  @Answers(PasswordResource)
  @Get()
  async getPassword(
    @CurrentCaller() caller: Caller,
    @Param() path: PasswordPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PasswordResource> {
    return answerVersioned(response, await this.passwords.read(caller, path));
  }

  @Summary(
    'Create the password of a user',
    'A user has at most one: a second is `errors.passwordExists`.',
    '`stateName` also requires `AccessControl.CredentialChangeState`.',
  )
  @Access('CredentialCreate')
  @Answers(PasswordResource, { status: 201 })
  @Refuses('errors.passwordExists', 'errors.pwdPolicyViolated', 'errors.recordDeleted')
  @AuditedAs('password', { user: 'userExtId' })
  @Post()
  async createPassword(
    @CurrentCaller() caller: Caller,
    @Param() path: PasswordPath,
    @RequestBody(CreatePasswordDto) body: CreatePasswordDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PasswordResource> {
    const created = await this.creation.create(caller, path, body);
    // A user has only one password, so its path contains no extId.
    response.setHeader('Location', request.path);
    return answerVersioned(response, created);
  }

  @Summary(
    'Change the password of a user, or its state',
    'A new password resets the count of failures and invalidates every X-Token of the old password. It does not end a lock.',
    'Users may change only `password` of their own password credential.',
  )
  @AccessOrSelf('withXToken', 'CredentialModify', 'CredentialView')
  @Answers(PasswordResource)
  @Refuses('errors.pwdPolicyViolated', 'errors.recordDeleted', 'errors.stateTransitionDenied')
  @AuditedAs('password', { user: 'userExtId' })
  @Patch()
  async updatePassword(
    @CurrentCaller() caller: Caller,
    @Param() path: PasswordPath,
    @RequestBody(UpdatePasswordDto) patch: UpdatePasswordDto,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PasswordResource> {
    return answerVersioned(response, await this.updates.update(caller, path, { patch, ifMatch }));
  }

  @Summary('Delete the password of a user')
  @Access('CredentialDelete')
  @AnswersNothing()
  @HttpCode(204)
  @AuditedAs('password', { user: 'userExtId' })
  @Delete()
  async deletePassword(
    @CurrentCaller() caller: Caller,
    @Param() path: PasswordPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.passwords.remove(caller, path, ifMatch);
  }
}
