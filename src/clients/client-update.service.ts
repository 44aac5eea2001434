import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { clientResource, type ClientResource } from './client-resource.js';
import { storeClientChange } from './client-store.js';
import { decideClientUpdate } from './client-update.rules.js';
import type { UpdateClientDto } from './client.dto.js';
import { READ_CLIENT, READ_CLIENT_TO_CHANGE } from './client.queries.js';
import type { ClientRow } from './client.table.js';

/** C4. */
@Injectable()
export class ClientUpdateService {
  constructor(private readonly changes: GuardedChanges) {}

  async update(
    caller: Caller,
    clientExtId: string,
    patch: UpdateClientDto,
    ifMatch: IfMatch | undefined,
  ): Promise<ClientResource> {
    const outcome = await this.changes.apply({
      caller,
      clientExtId,
      expected: { ifMatch, version: patch.version },
      locks: {},
      read: async (runner, locked) =>
        await (locked ? READ_CLIENT_TO_CHANGE : READ_CLIENT).first(runner, { clientExtId }),
      decide: (row: ClientRow) => decideClientUpdate(row, patch),
      write: async (runner, row, { next, changed }) => await storeClientChange(runner, caller, row, next, changed),
    });
    return clientResource(outcome.kind === 'written' ? outcome.result : outcome.row);
  }
}
