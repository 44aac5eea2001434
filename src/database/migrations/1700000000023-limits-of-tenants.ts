import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of type jsonb, as long as a caller makes them. */
const LONG_COLUMNS = [
  ['users', 'properties'],
  ['users', 'address'],
  ['credentials', 'properties'],
  ['policies', 'parameters'],
] as const;

/** What keeps the pages of lists, and the credentials of a user, within their limits. */
export class LimitsOfTenants1700000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A volatile function counts what is there when it is called, not what was there when the statement around it began:
    // a creation that has waited for another one counts that one, too.
    await runner.query(`
      create function count_credentials(client text, owner text, kind text) returns integer language sql volatile as $$
        select count(*)::integer from credentials where client_ext_id = client and user_ext_id = owner and type = kind
      $$`);
    // Of what is not compressed the length is known without reading it. Values that are there already stay as they are.
    for (const [table, column] of LONG_COLUMNS) {
      await runner.query(`alter table ${table} alter ${column} set storage external`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of LONG_COLUMNS) {
      await runner.query(`alter table ${table} alter ${column} set storage extended`);
    }
    await runner.query('drop function count_credentials(text, text, text)');
  }
}
