import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type Page, pageOf, type PageRequest } from '../common/page.js';
import { Database } from '../database/database.js';
import { pageParameters } from '../database/paging.js';
import {
  COUNT_CLIENTS,
  COUNT_CLIENTS_OF_DATA_ROOM,
  LIST_CLIENTS,
  LIST_CLIENTS_OF_DATA_ROOM,
} from './client-list.queries.js';
import { clientResource, type ClientResource } from './client-resource.js';
import { READ_CLIENT } from './client.queries.js';

/** C1, with only the clients that the caller may see, and C3. */
@Injectable()
export class ClientsService {
  constructor(private readonly database: Database) {}

  async read(clientExtId: string): Promise<ClientResource> {
    const row = await READ_CLIENT.first(this.database, { clientExtId });
    if (row === undefined) throw noRecord();
    return clientResource(row);
  }

  async list({ actor }: Caller, page: PageRequest): Promise<Page<ClientResource>> {
    const from = pageParameters(page);
    const rows =
      actor.dataRoom === 'all'
        ? await LIST_CLIENTS.all(this.database.lists, from)
        : await LIST_CLIENTS_OF_DATA_ROOM.all(this.database.lists, { ...from, dataRoom: [...actor.dataRoom] });
    return pageOf(rows, page, clientResource, page.countTotal ? await this.total(actor.dataRoom) : undefined);
  }

  private async total(dataRoom: Caller['actor']['dataRoom']): Promise<number | undefined> {
    const row =
      dataRoom === 'all'
        ? await COUNT_CLIENTS.first(this.database, {})
        : await COUNT_CLIENTS_OF_DATA_ROOM.first(this.database, { dataRoom: [...dataRoom] });
    return row?.total;
  }
}
