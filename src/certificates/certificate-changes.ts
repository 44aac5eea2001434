import type { Caller } from '../common/actor.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import type { StatementRunner } from '../database/database.js';
import type { CertificatePath } from './certificate-path.js';
import { READ_CERTIFICATE_TO_CHANGE, READ_OWNED_CERTIFICATE } from './certificate.queries.js';

/** With what decides whether its owner may change it; undefined where there is no such certificate. */
export async function readOwnedCertificate(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId, extId }: CertificatePath,
) {
  const row = await READ_OWNED_CERTIFICATE[caller.mode].first(runner, { clientExtId, userExtId, extId });
  requireActiveOwner(caller, row);
  return row === undefined || row.extId === null ? undefined : row;
}

/** As `readOwnedCertificate`, with everything that a change is evaluated by. */
export function readCertificateToChange(caller: Caller, { clientExtId, userExtId, extId }: CertificatePath) {
  return async (runner: StatementRunner) => {
    const row = await READ_CERTIFICATE_TO_CHANGE[caller.mode].first(runner, { clientExtId, userExtId, extId });
    requireActiveOwner(caller, row);
    return row === undefined || row.extId === null ? undefined : row;
  };
}
