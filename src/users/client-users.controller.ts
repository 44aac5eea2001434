import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { UserResource } from './user-resource.js';
import type { UserPath } from './user.table.js';
import { ApiUsersQuery, readUsersQuery } from './users-query.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('nevisidm/api/core/v1/clients/:clientExtId/users')
export class ClientUsersController {
  constructor(private readonly users: UsersService) {}

  @Summary(
    'List or search the users of a client',
    'Filters test for equality, or with a * at the end for a beginning; `q` finds a part. A user must match all of them.',
    'A search that takes longer than two seconds is refused.',
  )
  @Access('ClientView', 'UserView')
  @AnswersPage(UserResource)
  @Refuses('errors.tooManySearchResults')
  @ApiUsersQuery()
  @Get()
  async listUsers(
    @CurrentCaller() caller: Caller,
    @Param() path: Pick<UserPath, 'clientExtId'>,
    @Req() request: Request,
  ): Promise<Page<UserResource>> {
    return await this.users.list(caller, path.clientExtId, readUsersQuery(request));
  }
}
