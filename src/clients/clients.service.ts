import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { type Page, pageOf, type PageRequest, type PageRow } from '../http/page.js';
import { countStatement, listStatement } from './client-list.queries.js';
import { clientResource, type ClientResource } from './client-resource.js';
import type { ClientRow } from './client-row.js';
import { READ_CLIENT } from './client.queries.js';

/** C1 and C3. */
@Injectable()
export class ClientsService {
  constructor(private readonly database: Database) {}

  async read(clientExtId: string): Promise<ClientResource> {
    const [row] = await this.database.run<ClientRow>(READ_CLIENT, [clientExtId]);
    if (row === undefined) throw noRecord();
    return clientResource(row);
  }

  async list({ actor }: Caller, page: PageRequest): Promise<Page<ClientResource>> {
    const { statement, values } = listStatement(actor.dataRoom, page);
    const rows = await this.database.run<ClientRow & PageRow>(statement, values);
    return pageOf(rows, page, clientResource, page.countTotal ? await this.total(actor.dataRoom) : undefined);
  }

  private async total(dataRoom: Caller['actor']['dataRoom']): Promise<number | undefined> {
    const { statement, values } = countStatement(dataRoom);
    const [row] = await this.database.run<{ total: number }>(statement, values);
    return row?.total;
  }
}
