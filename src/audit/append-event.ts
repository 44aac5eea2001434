import type { Caller } from '../common/actor.js';
import type { Statement, StatementRunner } from '../database/database.js';
import { insertIntoTrail, type TrailEvent, trailValues } from './trail-event.js';

/** Only where there is such a client; one that is deleted gets no more events. $1 client, $2 the time. */
const APPEND_EVENT: Statement = {
  name: 'append_event',
  text: `with happened as (select null::integer as version, $2::timestamptz as at
      where exists (select 1 from clients where ext_id = $1 and deleted_at is null))
    ${insertIntoTrail('happened', 3)}`,
};

/** A line of the trail for what changes no resource, and so makes no version. */
export async function appendEvent(
  runner: StatementRunner,
  caller: Pick<Caller, 'actor' | 'now' | 'requestId'>,
  clientExtId: string,
  event: TrailEvent,
): Promise<void> {
  await runner.run(APPEND_EVENT, [clientExtId, caller.now, ...trailValues(caller, event)]);
}
