import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { type Changed, type GuardedChange, GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { ExpectedVersion, IfMatch } from '../common/expected-version.js';
import { locksOfCredential } from '../credentials/credential-locks.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import type { OwnerVersionRow } from '../credentials/owner-access.js';
import { checkDeletion, refused } from '../credentials/state-refusals.rules.js';
import type { StatementRunner } from '../database/database.js';
import { readOwnedCertificate } from './certificate-changes.js';
import { denialOf } from './certificate-denial.rules.js';
import type { CertificatePath } from './certificate-path.js';
import { DELETE_CERTIFICATE } from './certificate.queries.js';

export type OwnedCertificate = CertificateRow & OwnerVersionRow;

/** X5. */
@Injectable()
export class CertificateDeletionService {
  constructor(private readonly changes: GuardedChanges) {}

  async remove(caller: Caller, path: CertificatePath, ifMatch: IfMatch | undefined): Promise<void> {
    await this.changes.apply(deletionOf(caller, path, { ifMatch, version: undefined }));
  }
}

/** The change of X5, for a request and for a row of a job. */
export function deletionOf(
  caller: Caller,
  path: CertificatePath,
  expected: ExpectedVersion | undefined,
): GuardedChange<OwnedCertificate, Changed, object> {
  return {
    caller,
    clientExtId: path.clientExtId,
    expected,
    read: async (runner) => await readOwnedCertificate(runner, caller, path),
    decide: (row) => refused(checkDeletion(caller.mode, row, caller.now)) ?? { kind: 'changed' },
    locks: locksOfCredential(path, () => path.extId),
    write: async (runner, row) => await removeCertificate(runner, caller, path.clientExtId, row),
  };
}

async function removeCertificate(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  evaluated: OwnedCertificate,
): Promise<object | undefined> {
  const { extId, userExtId, generation, sha256 } = evaluated;
  const event = { action: 'deleted', kind: 'certificate', extId, userExtId, generation, sha256 } as const;
  const denied = denialOf(evaluated);
  const parameters = { clientExtId, evaluated, now: caller.now, event: auditEvent(caller, event), denied };
  return await DELETE_CERTIFICATE.first(runner, parameters);
}
