import type { MigrationInterface, QueryRunner } from 'typeorm';

const SETTERS = ['owner', 'ownerOutOfLock', 'administrator', 'policy'];
const BENEATH_POLICY = ['policyOverLock', 'policyOverResetCode'];

/** The policy may disable what an administrator holds, which comes back with another certificate. */
export class HeldBeneathPolicy1700000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await allow(runner, [...SETTERS, ...BENEATH_POLICY]);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Held for good, as the version before had it.
    await runner.query(
      `update credentials set state_set_by = 'administrator', lock = case when state_set_by = 'policyOverLock' then null else lock end,
         locked_until = case when state_set_by = 'policyOverLock' then null else locked_until end,
         lock_reason = case when state_set_by = 'policyOverLock' then null else lock_reason end
       where state_set_by in (${listOf(BENEATH_POLICY)})`,
    );
    await allow(runner, SETTERS);
  }
}

async function allow(runner: QueryRunner, setters: readonly string[]): Promise<void> {
  await runner.query(
    `alter table credentials drop constraint credentials_state_set_by_check,
       add constraint credentials_state_set_by_check check (state_set_by in (${listOf(setters)}))`,
  );
}

function listOf(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
