import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord, throwAll } from '../common/errors.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { refusalOfAdministered, refusalOfDeletion } from '../credentials/state-refusals.rules.js';
import { Database, type StatementRunner } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import type { CertificatePath } from './certificate-path.js';
import type { CertificateRow, JudgesRow } from './certificate-row.js';
import { lockJudged, storeDeletion } from './certificate-store.js';
import { READ_CERTIFICATE_TO_CHANGE } from './certificate.queries.js';

type OwnRow = (CertificateRow & JudgesRow) | (JudgesRow & { readonly extId: null });

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
    await lockJudged(runner, path);
    const removed = await this.attempt(runner, caller, path, ifMatch);
    if (!removed) throw new Error('A locked credential was changed by somebody else.');
  }

  private async attempt(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    ifMatch: IfMatch | undefined,
  ): Promise<boolean> {
    const values = [path.clientExtId, path.extId, path.userExtId];
    const [row] = await runner.run<OwnRow>(READ_CERTIFICATE_TO_CHANGE[caller.mode], values);
    requireActiveOwner(caller, row);
    if (row === undefined || row.extId === null) throw noRecord();
    throwAll(refusalOfAdministered(caller.mode, row));
    await this.versions.check(caller, path.clientExtId, row, { ifMatch, version: undefined }, runner);
    throwAll(refusalOfDeletion(caller.mode, row, caller.now));
    return await storeDeletion(runner, caller, path, row);
  }
}
