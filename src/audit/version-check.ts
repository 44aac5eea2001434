import { Inject, Injectable } from '@nestjs/common';

import { type Caller, holds, mayAlso } from '../common/actor.js';
import { appError } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { Database, type StatementRunner } from '../database/database.js';
import { type ExpectedVersion, unmetExpectation } from '../http/expected-version.js';
import { formatInstant } from '../http/instant.js';
import { mismatchMessage } from '../http/precondition.js';
import { lastChange } from './last-change.js';
import type { TrailKind } from './trail-event.js';

export interface VersionedRow {
  readonly version: number;
  readonly incarnation: string;
}

/** Optimistic locking of every resource (contract 3.2, 3.5, 3.6): refuses what is based on another version. */
@Injectable()
export class VersionCheck {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Inside a transaction `runner` is that transaction: one that asked for a second connection while others wait for its
   * locks with the rest of the pool would wait for them in turn.
   */
  async check(
    caller: Caller,
    clientExtId: string,
    row: VersionedRow,
    expected: ExpectedVersion,
    runner: StatementRunner = this.database,
  ): Promise<void> {
    switch (unmetExpectation(expected, row.version, this.settings.requireVersion)) {
      case 'required':
        throw appError({
          code: 'errors.preconditionRequired',
          message: 'Send the version that the change is based on, as the member version or as If-Match.',
        });
      case 'ifMatch':
        throw appError({
          code: 'errors.preconditionFailed',
          message: mismatchMessage(expected.ifMatch ?? 'any'),
          field: 'If-Match',
          currentVersion: row.version,
        });
      case 'version':
        throw appError({
          code: 'errors.optimisticLockingFailure',
          message: 'The resource has been changed since the version sent. Read it again and repeat the change.',
          field: 'version',
          currentVersion: row.version,
          ...(await lastChangeFor(runner, caller, clientExtId, row.incarnation)),
        });
      case undefined:
    }
  }
}

/** Who made the current version and when, for those who could read it in the trail or in the history anyway. */
async function lastChangeFor(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  incarnation: string,
): Promise<object> {
  const change = await lastChange(runner, clientExtId, incarnation);
  if (change === undefined || !maySee(caller, clientExtId, change.kind)) return {};
  return { changedBy: change.actor, changedAt: formatInstant(change.at) };
}

/** Contract 10.2: the trail is open to HistoryView, a certificate's history also to its viewers and its owner. */
function maySee(caller: Caller, clientExtId: string, kind: TrailKind): boolean {
  if (mayAlso(caller, clientExtId, 'HistoryView')) return true;
  return kind === 'certificate' && (caller.mode === 'selfAdmin' || holds(caller.actor, 'CredentialView'));
}
