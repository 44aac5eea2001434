import { Injectable } from '@nestjs/common';

import { trailValues } from '../audit/trail-event.js';
import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord, throwAll } from '../common/errors.js';
import { LOCK_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import { type OwnerAccessRow, requireActiveOwner } from '../credentials/owner-access.js';
import { refusalOfDeletion } from '../credentials/state-refusals.rules.js';
import { Database, type StatementRunner } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import type { CertificatePath } from './certificate-path.js';
import type { CertificateRow } from './certificate-row.js';
import { DELETE_CERTIFICATE, READ_OWNED_CERTIFICATE } from './certificate.queries.js';

type Owner = OwnerAccessRow & { readonly ownerVersion: number };
type OwnRow = (CertificateRow & Owner) | (Owner & { readonly extId: null });

/** X5. */
@Injectable()
export class CertificateDeletionService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async remove(caller: Caller, path: CertificatePath, ifMatch: IfMatch | undefined): Promise<void> {
    const removed = await this.attempt(this.database, caller, path, ifMatch);
    if (!removed)
      await this.database.transaction(
        path.clientExtId,
        async (runner) => await this.removeLocked(runner, caller, path, ifMatch),
      );
  }

  private async removeLocked(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
    await runner.run(LOCK_CREDENTIAL, [path.clientExtId, path.extId]);
    const removed = await this.attempt(runner, caller, path, ifMatch);
    if (!removed) throw new Error('A locked credential was changed by somebody else.');
  }

  private async attempt(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    ifMatch: IfMatch | undefined,
  ): Promise<boolean> {
    const { clientExtId, userExtId, extId } = path;
    const [row] = await runner.run<OwnRow>(READ_OWNED_CERTIFICATE[caller.mode], [clientExtId, extId, userExtId]);
    requireActiveOwner(caller, row);
    if (row === undefined || row.extId === null) throw noRecord();
    await this.versions.check(caller, clientExtId, row, { ifMatch, version: undefined }, runner);
    throwAll(refusalOfDeletion(caller.mode, row, caller.now));
    const deleted = await runner.run(DELETE_CERTIFICATE, [
      clientExtId,
      extId,
      userExtId,
      row.version,
      row.lock,
      row.lockedUntil,
      caller.now,
      row.ownerVersion,
      ...trailValues(caller, {
        action: 'deleted',
        kind: 'certificate',
        extId,
        userExtId,
        incarnation: row.incarnation,
        sha256: row.sha256,
      }),
    ]);
    return deleted.length > 0;
  }
}
