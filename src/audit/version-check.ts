import { Inject, Injectable } from '@nestjs/common';

import { type Caller, holds, mayAlso } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { type ExpectedVersion, failedVersionCheck } from '../common/expected-version.js';
import { formatInstant } from '../common/instant.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { instant, integer, uuid } from '../database/column.js';
import { Database, type StatementRunner } from '../database/database.js';
import { parameter, sql } from '../database/sql.js';
import { statement } from '../database/statement.js';
import type { AuditKind } from './audit-event.model.js';
import { AUDIT_EVENTS } from './audit-event.table.js';

export interface VersionedRow {
  readonly version: number;
  readonly generation: string;
  readonly lastModified: Date;
}

/** Optimistic locking of every resource (contract 3.2, 3.5, 3.6): refuses a change that is based on another version. */
@Injectable()
export class VersionCheck {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Inside a transaction, `runner` must be that transaction. If it waited for a second connection, requests that wait
   * for its locks might hold all of them.
   */
  async check(
    caller: Caller,
    clientExtId: string,
    row: VersionedRow,
    expected: ExpectedVersion,
    runner: StatementRunner = this.database,
  ): Promise<void> {
    switch (failedVersionCheck(expected, row.version, this.settings.requireVersion)) {
      case 'required':
        throw appError({
          code: 'errors.preconditionRequired',
          message: 'Send the version that the change is based on, as the member version or as If-Match.',
        });
      case 'ifMatch':
        throw appError({
          code: 'errors.preconditionFailed',
          message: expected.ifMatch?.mismatch ?? '',
          field: 'If-Match',
          currentVersion: row.version,
        });
      case 'version':
        throw appError({
          code: 'errors.optimisticLockingFailure',
          message: 'The resource has been changed since the version sent. Read it again and repeat the change.',
          field: 'version',
          currentVersion: row.version,
          changedAt: formatInstant(row.lastModified),
          ...(await changedByFor(runner, caller, clientExtId, row)),
        });
      case undefined:
    }
  }
}

/** A version's event has the time at which the resource was last modified. */
const LAST_CHANGE = statement(
  'last_change',
  sql`select ${AUDIT_EVENTS.select('t', ['actor', 'kind'])} from audit_log t
    where ${AUDIT_EVENTS.matches('t', ['clientExtId'])} and t.at = ${parameter('lastModified', instant())}
      and t.generation = ${parameter('generation', uuid())} and t.version = ${parameter('version', integer())}`,
);

/** Who made the current version, for those who may read it in the audit log or in the history anyway. */
async function changedByFor(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  { generation, version, lastModified }: VersionedRow,
): Promise<object> {
  const change = await LAST_CHANGE.first(runner, { clientExtId, generation, version, lastModified });
  if (change === undefined || !maySee(caller, clientExtId, change.kind)) return {};
  return { changedBy: change.actor };
}

/** Contract 10.2: the audit log is open to HistoryView, a certificate's history also to its viewers and its owner. */
function maySee(caller: Caller, clientExtId: string, kind: AuditKind): boolean {
  if (mayAlso(caller, clientExtId, 'HistoryView')) return true;
  return kind === 'certificate' && (caller.mode === 'selfAdmin' || holds(caller.actor, 'CredentialView'));
}
