import type { Statement, StatementRunner } from '../database/database.js';

const LAST_CHANGE: Statement = {
  name: 'last_change',
  text: `select actor, at from trail
    where client_ext_id = $1 and incarnation = $2 and version is not null order by version desc limit 1`,
};

export interface LastChange {
  readonly actor: string;
  readonly at: Date;
}

/** Who made the version that stands, for the caller who came too late (contract 3.2). */
export async function lastChange(
  runner: StatementRunner,
  clientExtId: string,
  incarnation: string,
): Promise<LastChange | undefined> {
  const [change] = await runner.run<{ actor: string; at: Date }>(LAST_CHANGE, [clientExtId, incarnation]);
  return change;
}
