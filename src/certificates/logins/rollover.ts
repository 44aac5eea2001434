import { auditEvent } from '../../audit/change-with-audit-event.js';
import type { Caller } from '../../common/actor.js';
import { changedMembers } from '../../credentials/changed-members.rules.js';
import { credentialEvent } from '../../credentials/credential-event.js';
import { LOCK_CREDENTIAL } from '../../credentials/credential.queries.js';
import type { StatementRunner } from '../../database/database.js';
import { searchColumns } from '../search-columns.js';
import type { KnownLogin, LoginQuestion } from './known-login.js';
import { type EndedCredential, type OtherRow, READ_OTHERS } from './rollover.queries.js';
import { type Ended, endedBy } from './rollover.rules.js';

/** What the first login of a newer credential ends, and when. */
export interface Ending {
  readonly disabledOn: Date;
  readonly ended: readonly EndedCredential[];
}

/** Undefined if the login ends nothing, which is known without a query of every login but the first. */
export async function readEnding(
  runner: StatementRunner,
  { caller, clientExtId, certificate }: LoginQuestion,
  { row, policy: { rolloverGraceDays } }: KnownLogin['known'],
): Promise<Ending | undefined> {
  // `successes` begins anew with another certificate.
  if (rolloverGraceDays === undefined || row.lastSuccess !== null) return undefined;
  const { extId, userExtId, policyExtId } = row;
  const { subjectNameSha256, issuerNameSha256 } = searchColumns(certificate);
  const isNamed = (certificate.subject?.relativeDistinguishedNames.length ?? 0) > 0;
  if (!isNamed || subjectNameSha256 === null || issuerNameSha256 === null) return undefined;
  const names = { subjectNameSha256, issuerNameSha256 };
  const others = await READ_OTHERS.all(runner, { clientExtId, extId, userExtId, policyExtId, ...names });
  const { now } = caller;
  const ended = endedBy({ extId, notBefore: certificate.notBefore }, others, rolloverGraceDays, now);
  const [first] = ended;
  if (first === undefined) return undefined;
  return { disabledOn: first.row.disabledOn, ended: ended.map((each) => endedCredential(caller, each)) };
}

/** Locks the credentials that are ended and the one that logs in, in the order of every rollover. */
export async function lockForRollover(
  runner: StatementRunner,
  clientExtId: string,
  extId: string,
  ending: Ending | undefined,
): Promise<void> {
  const extIds = [extId, ...(ending?.ended ?? []).map((each) => each.extId)];
  extIds.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  for (const each of extIds) await LOCK_CREDENTIAL.all(runner, { clientExtId, extId: each });
}

function endedCredential(caller: Caller, { before, row }: Ended<OtherRow>): EndedCredential {
  const { extId, generation, version, lock, lockedUntil } = before;
  const { now } = caller;
  const changed = changedMembers(before, row, now);
  const event = auditEvent(caller, credentialEvent('certificate', { before, row, changed, now }));
  const { id: eventId, changes, after } = event;
  const asRead = { extId, generation, version, lock, lockedUntil: lockedUntil?.toISOString() ?? null };
  return { ...asRead, eventId, changes, after };
}
