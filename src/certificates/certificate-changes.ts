import type { Caller } from '../common/actor.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import type { StatementRunner } from '../database/database.js';
import type { CertificatePath } from './certificate-path.js';
import { READ_CERTIFICATE_TO_CHANGE, READ_OWNED_CERTIFICATE } from './certificate.queries.js';

/**
 * Reads the certificate and the columns that decide whether its owner may change it; undefined if there is no such
 * certificate.
 */
export async function readOwnedCertificate(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId, extId }: CertificatePath,
) {
  const row = await READ_OWNED_CERTIFICATE[caller.mode].first(runner, { clientExtId, userExtId, extId });
  requireActiveOwner(caller, row);
  return row === undefined || row.extId === null ? undefined : row;
}

/** Like `readOwnedCertificate`, with everything that the evaluation of a change needs. */
export function readCertificateToChange(caller: Caller, { clientExtId, userExtId, extId }: CertificatePath) {
  return async (runner: StatementRunner) => {
    const row = await READ_CERTIFICATE_TO_CHANGE[caller.mode].first(runner, { clientExtId, userExtId, extId });
    requireActiveOwner(caller, row);
    return row === undefined || row.extId === null ? undefined : row;
  };
}
