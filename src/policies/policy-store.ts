import { type TrailEvent, trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { StatementRunner } from '../database/database.js';
import { CLOSE_TURNSTILE } from '../database/turnstile.js';
import type { PolicyRow } from './policy-row.js';
import type { PolicyMembers } from './policy-update.rules.js';
import { CHANGE_POLICY, CREATE_POLICY, DELETE_POLICY, LOCK_CLIENT, READ_DEFAULT_TO_CHANGE } from './policy.queries.js';

type Written = { readonly version: number; readonly at: Date };

/** Writes a new policy and its line of the trail; a 404 where there is no such client. */
export async function storeNewPolicy(runner: StatementRunner, caller: Caller, row: PolicyRow): Promise<PolicyRow> {
  const created = await runner.run(CREATE_POLICY, [
    row.clientExtId,
    caller.now,
    row.extId,
    row.incarnation,
    row.policyType,
    ...memberValues(row),
    ...trailValues(caller, { ...eventOf(row), action: 'created', changed: changedAtFirst(row), after: after(row) }),
  ]);
  if (created.length === 0) throw noRecord();
  return row;
}

/** Writes the change and its line of the trail; undefined where the policy is no longer in the version that was read. */
export async function storePolicyChange(
  runner: StatementRunner,
  caller: Caller,
  row: PolicyRow,
  next: PolicyMembers,
  changed: readonly (keyof PolicyMembers)[],
): Promise<PolicyRow | undefined> {
  const changedRow = { ...row, ...next };
  const [written] = await runner.run<Written>(CHANGE_POLICY, [
    row.clientExtId,
    row.extId,
    row.version,
    caller.now,
    ...memberValues(next),
    ...trailValues(caller, { ...eventOf(row), action: 'changed', changed, after: after(changedRow) }),
  ]);
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** False where the policy is no longer in the version that was read. */
export async function removePolicy(runner: StatementRunner, caller: Caller, row: PolicyRow): Promise<boolean> {
  const removed = await runner.run(DELETE_POLICY, [
    row.clientExtId,
    row.extId,
    row.version,
    caller.now,
    ...trailValues(caller, { ...eventOf(row), action: 'deleted' }),
  ]);
  return removed.length > 0;
}

/**
 * Takes the flag from the type's default for this policy, as a change of its own (contract 2.11). The client stays locked until the
 * transaction ends, so that there is one default at every moment.
 */
export async function takeDefault(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, extId, policyType }: PolicyRow,
): Promise<void> {
  if ((await runner.run(LOCK_CLIENT, [clientExtId])).length === 0) throw noRecord();
  await runner.run(CLOSE_TURNSTILE, [clientExtId]);
  const [previous] = await runner.run<PolicyRow>(READ_DEFAULT_TO_CHANGE, [clientExtId, policyType, extId]);
  if (previous === undefined) return;
  await storePolicyChange(runner, caller, previous, { ...previous, defaultPolicy: false }, ['defaultPolicy']);
}

/** In the order of both statements. */
function memberValues({ name, description, defaultPolicy, parameters }: PolicyMembers): readonly unknown[] {
  return [name, description, defaultPolicy, JSON.stringify(parameters)];
}

function eventOf({ extId, incarnation }: PolicyRow): Pick<TrailEvent, 'kind' | 'extId' | 'incarnation'> {
  return { kind: 'policy', extId, incarnation };
}

function after({ policyType, name, description, defaultPolicy, parameters, created }: PolicyRow): object {
  return { created: created.toISOString(), policyType, name, description, defaultPolicy, parameters };
}

/** A new policy's line names the members that it has. */
function changedAtFirst({ name, description }: PolicyRow): readonly string[] {
  return [
    'policyType',
    ...(name === null ? [] : ['name']),
    ...(description === null ? [] : ['description']),
    'defaultPolicy',
    'parameters',
  ];
}
