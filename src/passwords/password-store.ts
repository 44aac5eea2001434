import { randomUUID } from 'node:crypto';

import { auditEvent } from '../audit/change-with-audit-event.js';
import type { Caller } from '../common/actor.js';
import { credentialEvent } from '../credentials/credential-event.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';
import type { PasswordChange } from './password-update.rules.js';
import {
  CHANGE_PASSWORD,
  CHANGE_STATE,
  CREATE_PASSWORD,
  DELETE_PASSWORD,
  type EvaluatedPassword,
  type OwnerAndPolicyRow,
} from './password.queries.js';

/** The stored form of a password. */
export interface StoredSecret {
  readonly hash: string;
  readonly generation: string;
}

export function newSecret(hash: string): StoredSecret {
  return { hash, generation: randomUUID() };
}

/** Writes a new password and its audit event; undefined if a row on which the evaluation was based has changed. */
export async function storeNewPassword(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  evaluated: OwnerAndPolicyRow,
  next: CredentialRow,
  secret: StoredSecret,
): Promise<CredentialRow | undefined> {
  const changed = ['password', 'validity', 'stateName', 'stateChangeReason'];
  const event = auditEvent(
    caller,
    credentialEvent('password', { before: undefined, row: next, changed, now: caller.now }),
  );
  const written = await CREATE_PASSWORD.first(runner, { clientExtId, evaluated, next, secret, event });
  return written === undefined ? undefined : next;
}

/** Like `storeNewPassword`, for a change; returns the row after the change. */
export async function storePasswordChange(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  evaluated: EvaluatedPassword,
  change: PasswordChange,
  secret: StoredSecret | undefined,
): Promise<CredentialRow | undefined> {
  const next = { ...evaluated, ...change.next };
  const { changed } = change;
  const event = auditEvent(
    caller,
    credentialEvent('password', { before: evaluated, row: next, changed, now: caller.now }),
  );
  const counterReset = change.resetsFailures ? 'failures' : 'none';
  const parameters = { clientExtId, evaluated, next, now: caller.now, counterReset, event } as const;
  const written =
    secret === undefined
      ? await CHANGE_STATE.first(runner, parameters)
      : await CHANGE_PASSWORD.first(runner, { ...parameters, secret });
  if (written === undefined) return undefined;
  const { at, ...columns } = written;
  return { ...next, ...columns, lastModified: at };
}

/** Undefined if the password has another version than the one that was read. */
export async function removePassword(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  { extId, userExtId, generation, version }: CredentialRow,
): Promise<object | undefined> {
  const event = auditEvent(caller, { action: 'deleted', kind: 'password', extId, userExtId, generation });
  return await DELETE_PASSWORD.first(runner, { clientExtId, extId, generation, version, now: caller.now, event });
}

/**
 * Reads the same password at each attempt. If it was deleted and created again meanwhile, it is a different password,
 * which must not be changed. The extId is not in the path, so it is known only after the first read.
 */
export function samePassword<Row extends Pick<CredentialRow, 'extId'>>(
  readPassword: (runner: StatementRunner) => Promise<Row | undefined>,
) {
  let extId = '';
  return {
    extId: () => extId,
    read: async (runner: StatementRunner): Promise<Row | undefined> => {
      const row = await readPassword(runner);
      if (extId === '') extId = row?.extId ?? '';
      return row?.extId === extId ? row : undefined;
    },
  };
}
