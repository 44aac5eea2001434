import type { MigrationInterface, QueryRunner } from 'typeorm';

import { foldCase } from '../../common/fold-case.js';
import { StartError } from '../../common/start-error.js';

const BATCH = 1000;

interface Row {
  client: string;
  user: string;
  loginId: string;
  folded: string;
}

/**
 * Login ids are folded anew by full case folding. ASCII folds as before, so only the other ones are read, a batch at a
 * time, and only those whose folding changes are written.
 */
export class FoldLoginIds1700000000004 implements MigrationInterface {
  /** They would fold as before what they write. */
  static readonly breaksOlderServers = true;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table users in share row exclusive mode');
    // Without it a batch may be planned as a walk through the whole table and a sort of what is left.
    await runner.query('analyze users');
    let after: Pick<Row, 'client' | 'user'> = { client: '', user: '' };
    for (;;) {
      const rows = (await runner.query(
        `select client_ext_id as client, ext_id as "user", login_id as "loginId", login_id_folded as folded
         from users
         where (client_ext_id, ext_id) > ($1, $2) and octet_length(login_id) <> char_length(login_id)
         order by client_ext_id, ext_id limit ${BATCH}`,
        [after.client, after.user],
      )) as Row[];
      await write(
        runner,
        rows.map((row) => ({ ...row, before: row.folded, folded: foldCase(row.loginId) })).filter(changes),
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  /** The former folding is not restored: it is the fault, and two users may exist that it would not tell apart. */
  async down(): Promise<void> {}
}

function changes({ before, folded }: Row & { before: string }): boolean {
  return before !== folded;
}

async function write(runner: QueryRunner, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = [rows.map(({ client }) => client), rows.map(({ user }) => user), rows.map(({ folded }) => folded)];
  await refuseCollision(runner, rows, columns);
  await runner.query(
    `update users u set login_id_folded = c.folded
     from unnest($1::text[], $2::text[], $3::text[]) as c (client, ext_id, folded)
     where u.client_ext_id = c.client and u.ext_id = c.ext_id`,
    columns,
  );
}

/** Looked for beforehand, since the database's own error names one of the two only. */
async function refuseCollision(runner: QueryRunner, rows: readonly Row[], columns: readonly string[][]): Promise<void> {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.client, row.folded]);
    const other = seen.get(key);
    if (other !== undefined) throw collision(row, other);
    seen.set(key, row);
  }
  const taken = (await runner.query(
    `select u.client_ext_id as client, u.ext_id as "user", u.login_id as "loginId", u.login_id_folded as folded
     from unnest($1::text[], $2::text[], $3::text[]) as c (client, ext_id, folded)
     join users u on u.client_ext_id = c.client and u.login_id_folded = c.folded and u.ext_id <> c.ext_id
     limit 1`,
    [...columns],
  )) as Row[];
  for (const other of taken) {
    const row = seen.get(JSON.stringify([other.client, other.folded]));
    if (row !== undefined) throw collision(row, other);
  }
}

function collision(one: Row, other: Row): StartError {
  const [first, second] = [one, other].map(({ user, loginId }) => `${user} (login id ${JSON.stringify(loginId)})`);
  return new StartError(
    `The users ${first} and ${second} of the client ${one.client} have the same login id after NFKC and case folding. ` +
      'Nothing was changed. Start the former release, give one of them another login id, and start again.',
  );
}
