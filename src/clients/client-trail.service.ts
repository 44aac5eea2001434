import { Injectable } from '@nestjs/common';

import type { TrailEventResource } from '../audit/event-resource.js';
import type { TrailQuery } from '../audit/trail-list.queries.js';
import { TrailService } from '../audit/trail.service.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import type { Page } from '../http/page.js';
import { CLIENT_EXT_ID } from './client.queries.js';

/** A deleted client's tombstone, too: the trail survives it (contract 10.1). */
const FIND_CLIENT_EVER = statement('find_client_ever', sql`select 1 from clients where ext_id = ${CLIENT_EXT_ID}`);

/** The trail of a client. */
@Injectable()
export class ClientTrailService {
  constructor(
    private readonly database: Database,
    private readonly trail: TrailService,
  ) {}

  async list(caller: Caller, clientExtId: string, query: TrailQuery): Promise<Page<TrailEventResource>> {
    const page = await this.trail.list(caller, clientExtId, query);
    // Who has events has been there; only without any is it asked.
    if (!page.isEmpty || (await FIND_CLIENT_EVER.first(this.database, { clientExtId })) !== undefined) return page;
    throw noRecord();
  }
}
