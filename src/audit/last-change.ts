import type { Statement, StatementRunner } from '../database/database.js';
import type { TrailKind } from './trail-event.js';

const LAST_CHANGE: Statement = {
  name: 'last_change',
  text: `select actor, at, kind from trail
    where client_ext_id = $1 and incarnation = $2 and version is not null order by version desc limit 1`,
};

export interface LastChange {
  readonly kind: TrailKind;
  readonly actor: string;
  readonly at: Date;
}

/** Who made the version that stands, for the caller who came too late (contract 3.2). */
export async function lastChange(
  runner: StatementRunner,
  clientExtId: string,
  incarnation: string,
): Promise<LastChange | undefined> {
  const [change] = await runner.run<{ kind: TrailKind; actor: string; at: Date }>(LAST_CHANGE, [
    clientExtId,
    incarnation,
  ]);
  return change;
}
