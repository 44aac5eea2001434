import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database, type Statement, type StatementRunner } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import { clientResource, type ClientResource } from './client-resource.js';
import type { ClientRow } from './client-row.js';
import { storeClientChange } from './client-store.js';
import { changedMembers, mergeClient } from './client-update.rules.js';
import { READ_CLIENT, READ_CLIENT_TO_CHANGE } from './client.queries.js';
import type { UpdateClientDto } from './dto/update-client.dto.js';

/** C4. */
@Injectable()
export class ClientUpdateService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  /** Two statements where nobody else writes; whoever loses a race locks the row, merges again, and cannot lose. */
  async update(
    caller: Caller,
    clientExtId: string,
    patch: UpdateClientDto,
    ifMatch: IfMatch | undefined,
  ): Promise<ClientResource> {
    const attempt = async (runner: StatementRunner, read: Statement): Promise<ClientRow | undefined> =>
      await this.attempt(runner, read, caller, clientExtId, patch, ifMatch);
    const row =
      (await attempt(this.database, READ_CLIENT)) ??
      (await this.database.transaction(clientExtId, async (runner) => await attempt(runner, READ_CLIENT_TO_CHANGE)));
    if (row === undefined) throw new Error('A locked client was changed by somebody else.');
    return clientResource(row);
  }

  private async attempt(
    runner: StatementRunner,
    read: Statement,
    caller: Caller,
    clientExtId: string,
    patch: UpdateClientDto,
    ifMatch: IfMatch | undefined,
  ): Promise<ClientRow | undefined> {
    const [row] = await runner.run<ClientRow>(read, [clientExtId]);
    if (row === undefined) throw noRecord();
    await this.versions.check(caller, clientExtId, row, { ifMatch, version: patch.version }, runner);
    const next = mergeClient(row, patch);
    const changed = changedMembers(row, next);
    return changed.length === 0 ? row : await storeClientChange(runner, caller, row, next, changed);
  }
}
