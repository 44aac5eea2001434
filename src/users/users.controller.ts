import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { AuditEventResource } from '../audit/event-resource.js';
import { Access, AccessOrSelf, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { Page } from '../common/page.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiPageQuery } from '../http/openapi/page-query.decorator.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { PAGE_PARAMETERS, readPageRequest } from '../http/page-request.js';
import { readQuery } from '../http/query.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { UserCreationService } from './user-creation.service.js';
import { UserDeletionService } from './user-deletion.service.js';
import { UserResource } from './user-resource.js';
import { UserUpdateService } from './user-update.service.js';
import { CreateUserDto, UpdateUserDto } from './user.dto.js';
import type { UserPath } from './user.table.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('nevisidm/api/core/v1/:clientExtId/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly creation: UserCreationService,
    private readonly updates: UserUpdateService,
    private readonly deletion: UserDeletionService,
  ) {}

  @Summary(
    'Create a user',
    '`isTechnicalUser` also requires `AccessControl.UserCreateTechUser`, and `loginId` `AccessControl.LoginIdOverride`.',
    '`extId` and `loginId` are generated if absent.',
  )
  @Access('UserCreate')
  @Answers(UserResource, { status: 201 })
  @Refuses('errors.duplicateValue')
  @AuditedAs('client', { extId: 'clientExtId' })
  @Post()
  async createUser(
    @CurrentCaller() caller: Caller,
    @Param() path: Pick<UserPath, 'clientExtId'>,
    @RequestBody(CreateUserDto) user: CreateUserDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UserResource> {
    return answerCreated(request, response, await this.creation.create(caller, path.clientExtId, user), false);
  }

  @Summary('Read a user')
  @AccessOrSelf('allowed', 'UserView')
  @Answers(UserResource)
  @Get(':userExtId')
  async getUser(
    @CurrentCaller() caller: Caller,
    @Param() path: UserPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UserResource> {
    return answerVersioned(response, await this.users.read(caller, path));
  }

  @Summary('List the versions of a user', 'Newest first, with the values that changed; of a deleted one, too.')
  @Access('UserView')
  @AnswersPage(AuditEventResource)
  @ApiPageQuery()
  @Get(':userExtId/history')
  async listUserHistory(@Param() path: UserPath, @Req() request: Request): Promise<Page<AuditEventResource>> {
    return await this.users.history(path, readPageRequest(readQuery(request, PAGE_PARAMETERS)));
  }

  @Summary(
    'Change a user',
    '`name`, `address`, `contacts` and `validity` are merged member by member, `properties` name by name.',
    'Changing a technical user also requires `AccessControl.UserModifyTechUser`, and changing `loginId` `AccessControl.LoginIdOverride`.',
    'Setting `archived` is the same as `/archive`, and requires the same rights.',
    'Users may not change their own `validity`, `properties` or `remarks`. Changing their e-mail or state requires an X-Token.',
  )
  @AccessOrSelf('allowed', 'UserView', 'UserModify')
  @Answers(UserResource)
  @Refuses('errors.duplicateValue', 'errors.recordDeleted')
  @AuditedAs('user', { user: 'userExtId', extId: 'userExtId' })
  @Patch(':userExtId')
  async updateUser(
    @CurrentCaller() caller: Caller,
    @Param() path: UserPath,
    @RequestBody(UpdateUserDto) patch: UpdateUserDto,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UserResource> {
    return answerVersioned(response, await this.updates.update(caller, path, patch, ifMatch));
  }

  @Summary('Delete a user and their credentials', 'The audit log is kept.')
  @Access('UserDelete')
  @AnswersNothing()
  @HttpCode(204)
  @AuditedAs('user', { user: 'userExtId', extId: 'userExtId' })
  @Delete(':userExtId')
  async deleteUser(
    @CurrentCaller() caller: Caller,
    @Param() path: UserPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }

  @Summary(
    'Archive a user permanently',
    'The credentials are deleted, and this cannot be undone. Archiving again changes nothing.',
    'Archiving a technical user also requires `AccessControl.UserArchiveTechUser`.',
    'A version is never required.',
  )
  @Access('UserView', 'UserArchive')
  @Answers(UserResource)
  @Refuses('errors.preconditionFailed')
  @HttpCode(200)
  @AuditedAs('user', { user: 'userExtId', extId: 'userExtId' })
  @Post(':userExtId/archive')
  async archiveUser(
    @CurrentCaller() caller: Caller,
    @Param() path: UserPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UserResource> {
    return answerVersioned(response, await this.updates.archive(caller, path, ifMatch));
  }
}
