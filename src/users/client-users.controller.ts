import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';

import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { Page } from '../common/page.js';
import { AnswersPageOrExport, Export, requestedExport } from '../http/export-answer.js';
import { Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { IMPORTED_USER_COLUMNS, READ_ONLY_USER_COLUMNS } from './user-columns.model.js';
import { ExportedUserResource } from './user-export.js';
import { UserExportService } from './user-export.service.js';
import { UserResource } from './user-resource.js';
import type { UserPath } from './user.table.js';
import { ApiUsersQuery, readUsersQuery } from './users-query.js';
import { UsersService } from './users.service.js';

const COLUMNS = [...IMPORTED_USER_COLUMNS, ...READ_ONLY_USER_COLUMNS];

@ApiTags('users')
@Controller('nevisidm/api/core/v1/clients/:clientExtId/users')
export class ClientUsersController {
  constructor(
    private readonly users: UsersService,
    private readonly exports: UserExportService,
  ) {}

  @Summary(
    'List or search the users of a client',
    'Filters test for equality, or with a * at the end for a beginning; `q` finds a part. A user must match all of them.',
    'A search that takes longer than two seconds is refused.',
    'With `Accept: text/csv` or `application/x-ndjson`, the answer has all users that match, as an import takes them; `limit`, `continuationToken`, `sortBy` and `offset` are for pages.',
  )
  @Access('ClientView', 'UserView')
  @AnswersPageOrExport(UserResource, ExportedUserResource)
  @Refuses('errors.tooManySearchResults')
  @ApiUsersQuery()
  @Get()
  async listUsers(
    @CurrentCaller() caller: Caller,
    @Param() path: Pick<UserPath, 'clientExtId'>,
    @Req() request: Request,
  ): Promise<Page<UserResource> | Export> {
    const query = readUsersQuery(request);
    const format = requestedExport(request);
    if (format === undefined) return await this.users.list(caller, path.clientExtId, query);
    return new Export(format, COLUMNS, this.exports.lines(caller, path.clientExtId, query));
  }
}
