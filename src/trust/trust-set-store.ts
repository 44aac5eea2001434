import { hash } from 'node:crypto';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { type Changes, changesOf } from '../audit/changes.rules.js';
import type { PastVersion } from '../audit/history.queries.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import type { StatementRunner } from '../database/database.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import { denialOfSetChange } from './trust-set-denial.rules.js';
import type { ChangedTrustSet } from './trust-set-update.rules.js';
import { CHANGE_TRUST_SET, CREATE_TRUST_SET, DELETE_TRUST_SET } from './trust-set.queries.js';
import { TRUST_SET_MEMBERS, type TrustSetMembers, type TrustSetPath, type TrustSetRow } from './trust-set.table.js';

/** Writes a new set and its audit event; 404 if there is no such client. */
export async function storeNewTrustSet(runner: StatementRunner, caller: Caller, row: TrustSetRow): Promise<void> {
  const has = TRUST_SET_MEMBERS.filter((member) => row[member] !== null && row[member].length > 0);
  const event = auditEvent(caller, {
    ...subjectOf(row),
    action: 'created',
    changes: shownChanges(has, undefined, row),
    after: after(row),
  });
  if ((await CREATE_TRUST_SET.first(runner, { ...row, event })) === undefined) throw noRecord();
}

/** Writes the change and its audit event; undefined if the set has another version than the one that was read. */
export async function storeTrustSetChange(
  runner: StatementRunner,
  caller: Caller,
  row: TrustSetRow,
  { next, changed }: ChangedTrustSet,
): Promise<TrustSetRow | undefined> {
  const { clientExtId, extId, generation, version } = row;
  const changedRow = { ...row, ...next };
  const changes = shownChanges(changed, row, changedRow);
  const event = auditEvent(caller, { ...subjectOf(row), action: 'changed', changes, after: after(changedRow) });
  const key = { clientExtId, extId, generation, version, now: caller.now };
  const denied = denialOfSetChange(extId, changed);
  const written = await CHANGE_TRUST_SET.first(runner, { ...key, ...next, event, denied });
  return written === undefined ? undefined : { ...changedRow, version: written.version, lastModified: written.at };
}

/** Undefined if the set has another version than the one that was read. */
export async function removeTrustSet(
  runner: StatementRunner,
  caller: Caller,
  row: TrustSetPath & Pick<TrustSetRow, 'generation' | 'version'>,
): Promise<object | undefined> {
  const { clientExtId, extId, generation, version } = row;
  const event = auditEvent(caller, { ...subjectOf(row), action: 'deleted' });
  return await DELETE_TRUST_SET.first(runner, { clientExtId, extId, generation, version, now: caller.now, event });
}

function subjectOf({ extId, generation }: Pick<TrustSetRow, 'extId' | 'generation'>) {
  return { kind: 'trustAnchorSet', extId, generation } as const;
}

/** A certificate is shown by its fingerprint (contract 10.3). */
function shownChanges(
  changed: readonly (keyof TrustSetMembers)[],
  before: TrustSetMembers | undefined,
  row: TrustSetMembers,
): Changes {
  return changesOf(changed, before === undefined ? undefined : withFingerprints(before), withFingerprints(row));
}

function withFingerprints({ name, description, anchors, intermediates }: TrustSetMembers) {
  return { name, description, anchors: anchors.map(fingerprint), intermediates: intermediates.map(fingerprint) };
}

function fingerprint(der: Buffer): string {
  return colonHex(hash('sha256', der, 'buffer'));
}

/** In base64, as there is more than one certificate and only one column for a certificate. */
interface PastMembers {
  readonly created: string;
  readonly name: string;
  readonly description: string | null;
  readonly anchors: readonly string[];
  readonly intermediates: readonly string[];
}

function after({ created, name, description, anchors, intermediates }: TrustSetRow): PastMembers {
  return {
    created: created.toISOString(),
    name,
    description,
    anchors: anchors.map((der) => der.toString('base64')),
    intermediates: intermediates.map((der) => der.toString('base64')),
  };
}

/** The row as it was: `after` of that version, as JSON gives it back. */
export function pastTrustSet(
  path: TrustSetPath,
  { generation, version, at, after: members }: PastVersion,
): TrustSetRow {
  const past = members as unknown as PastMembers;
  return {
    ...path,
    generation,
    version,
    name: past.name,
    description: past.description,
    anchors: past.anchors.map(bytesOf),
    intermediates: past.intermediates.map(bytesOf),
    created: new Date(past.created),
    lastModified: at,
  };
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
