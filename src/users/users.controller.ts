import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { Access, AccessOrSelf } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/caller.decorator.js';
import type { Caller } from '../common/actor.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing } from '../http/openapi/answers.decorator.js';
import { Refuses } from '../http/openapi/refuses.decorator.js';
import { Summary } from '../http/openapi/summary.decorator.js';
import type { IfMatch } from '../http/precondition.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { CreateUserDto, UpdateUserDto } from './dto/user.dto.js';
import { UserCreationService } from './user-creation.service.js';
import { UserDeletionService } from './user-deletion.service.js';
import { UserResource } from './user-resource.js';
import { UserUpdateService } from './user-update.service.js';
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
    '`isTechnicalUser` needs `AccessControl.UserCreateTechUser` as well, and `loginId` `AccessControl.LoginIdOverride`.',
    'Where either ID is absent, it is generated.',
  )
  @Access('UserCreate')
  @Answers(UserResource, { status: 201 })
  @Refuses('errors.duplicateValue')
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

  @Summary(
    'Change a user',
    '`name`, `address`, `contacts` and `validity` are merged member by member, `properties` name by name.',
    'A technical user needs `AccessControl.UserModifyTechUser` as well, and another `loginId` `AccessControl.LoginIdOverride`.',
    '`archived` is what `/archive` does, and needs its rights.',
    'A user may not change their own `validity`, `properties` and `remarks`; another e-mail or state needs an X-Token.',
  )
  @AccessOrSelf('allowed', 'UserView', 'UserModify')
  @Answers(UserResource)
  @Refuses('errors.duplicateValue', 'errors.recordDeleted')
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

  @Summary('Delete a user and their credentials', 'The audit log stays.')
  @Access('UserDelete')
  @AnswersNothing()
  @HttpCode(204)
  @Delete(':userExtId')
  async deleteUser(
    @CurrentCaller() caller: Caller,
    @Param() path: UserPath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }

  @Summary(
    'Archive a user for ever',
    'The credentials are deleted, and there is no way back; done again, it changes nothing.',
    'A technical user needs `AccessControl.UserArchiveTechUser` as well.',
    'No version is ever required.',
  )
  @Access('UserView', 'UserArchive')
  @Answers(UserResource)
  @Refuses('errors.preconditionFailed')
  @HttpCode(200)
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
