import { auditEvent } from '../audit/change-with-audit-event.js';
import { changesOf } from '../audit/changes.rules.js';
import type { PastVersion } from '../audit/history.queries.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { pick } from '../common/pick.js';
import type { StatementRunner } from '../database/database.js';
import { denialOfPolicy } from './policy-denial.rules.js';
import { trustSetOf } from './policy-types.rules.js';
import { CHANGE_POLICY, CREATE_POLICY, DELETE_POLICY, READ_DEFAULT_TO_CHANGE } from './policy.queries.js';
import { POLICY_MEMBERS, type PolicyMembers, type PolicyPath, type PolicyRow } from './policy.table.js';

/** Writes a new policy and its audit event; 404 if there is no such client. */
export async function storeNewPolicy(runner: StatementRunner, caller: Caller, row: PolicyRow): Promise<void> {
  const has = POLICY_MEMBERS.filter((member) => row[member] !== null);
  const event = auditEvent(caller, {
    ...subjectOf(row),
    action: 'created',
    changes: changesOf(['policyType', ...has], undefined, row),
    after: after(row),
  });
  if ((await CREATE_POLICY.first(runner, { ...row, event })) === undefined) throw noRecord();
}

/** Writes the change and its audit event; undefined if the policy has another version than the one that was read. */
export async function storePolicyChange(
  runner: StatementRunner,
  caller: Caller,
  row: PolicyRow,
  next: PolicyMembers,
  changed: readonly (keyof PolicyMembers)[],
): Promise<PolicyRow | undefined> {
  const { clientExtId, extId, generation, version, policyType } = row;
  const trustSetExtId = trustSetOf(policyType, next.parameters);
  const changedRow = { ...row, ...next, trustSetExtId };
  const changes = changesOf(changed, row, changedRow);
  const event = auditEvent(caller, { ...subjectOf(row), action: 'changed', changes, after: after(changedRow) });
  const key = { clientExtId, extId, generation, version, now: caller.now };
  const denied = denialOfPolicy(row, changed);
  const written = await CHANGE_POLICY.first(runner, { ...key, ...next, trustSetExtId, event, denied });
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** Undefined if the policy has another version than the one that was read. */
export async function removePolicy(
  runner: StatementRunner,
  caller: Caller,
  row: PolicyRow,
): Promise<object | undefined> {
  const { clientExtId, extId, generation, version } = row;
  const event = auditEvent(caller, { ...subjectOf(row), action: 'deleted' });
  return await DELETE_POLICY.first(runner, { clientExtId, extId, generation, version, now: caller.now, event });
}

/**
 * Removes the default flag from the current default of the type, as a change of its own (contract 2.11). The client and
 * its policies are locked until the transaction ends, so that there is always exactly one default.
 */
export async function takeDefault(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, extId, policyType }: PolicyRow,
): Promise<void> {
  const previous = await READ_DEFAULT_TO_CHANGE.first(runner, { clientExtId, extId, policyType });
  if (previous === undefined) return;
  const next = { ...pick(previous, POLICY_MEMBERS), defaultPolicy: false };
  await storePolicyChange(runner, caller, previous, next, ['defaultPolicy']);
}

function subjectOf({ extId, generation }: PolicyRow) {
  return { kind: 'policy', extId, generation } as const;
}

type PastMembers = Pick<PolicyRow, 'policyType' | keyof PolicyMembers> & { readonly created: string };

function after(row: PolicyRow): PastMembers {
  return { created: row.created.toISOString(), policyType: row.policyType, ...pick(row, POLICY_MEMBERS) };
}

/** The row as it was: `after` of that version, as JSON gives it back. Nothing is evaluated by it. */
export function pastPolicy(
  path: PolicyPath,
  { generation, version, at, after: members }: PastVersion,
): Omit<PolicyRow, 'trustSetExtId' | 'evaluationVersion'> {
  const past = members as unknown as PastMembers;
  return { ...path, ...past, generation, version, created: new Date(past.created), lastModified: at };
}
