import { Injectable } from '@nestjs/common';

import { auditEvent } from '../../audit/change-with-audit-event.js';
import { GuardedChanges } from '../../audit/guarded-change.js';
import type { Caller } from '../../common/actor.js';
import { appError } from '../../common/errors.js';
import type { PageBody } from '../../common/page.js';
import { Database, type StatementRunner } from '../../database/database.js';
import { LOCK_POLICIES_OF_CLIENT } from '../../database/fair-lock.js';
import { colonHex } from '../../x509/certificate/colon-hex.js';
import { denialOfSet } from '../trust-set-denial.rules.js';
import { LOCK_TRUST_SET } from '../trust-set.queries.js';
import type { TrustSetPath } from '../trust-set.table.js';
import { TrustService } from '../trust.service.js';
import { describeCrl } from './crl-description.js';
import type { CrlWithDer } from './crl-reader.js';
import { ReadEvidence } from './read-evidence.js';
import { trustSetCrlResource, type TrustSetCrlResource } from './trust-set-crl-resource.js';
import { decideCrlPut, isNewerThan, MAX_CRLS } from './trust-set-crl.rules.js';
import { DELETE_CRL, LIST_CRLS, PUT_CRL, READ_SET_AND_CRL } from './trust-set-crls.queries.js';

export type TrustSetCrlPath = TrustSetPath & { readonly name: string };

/** G6. */
@Injectable()
export class TrustSetCrlsService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly database: Database,
    private readonly trust: TrustService,
    private readonly evidence: ReadEvidence,
  ) {}

  /** All on one page. */
  async list({ clientExtId, extId }: TrustSetPath, now: Date): Promise<PageBody<TrustSetCrlResource>> {
    const set = await this.trust.readSet({ clientExtId, extId });
    const rows = await LIST_CRLS.all(this.database, { clientExtId, setExtId: extId });
    const items = rows.map((row) => trustSetCrlResource(row, { set, now }));
    return { items, _pagination: { limit: MAX_CRLS }, _classifications: {} };
  }

  /** The bytes may be PEM. */
  async put(caller: Caller, path: TrustSetCrlPath, bytes: Buffer): Promise<TrustSetCrlResource> {
    const { clientExtId, extId, name } = path;
    const set = await this.trust.readSet({ clientExtId, extId });
    const { crl, der, sha256 } = await this.readCrl(clientExtId, bytes);
    const row = {
      clientExtId,
      setExtId: extId,
      name,
      ...describeCrl(crl, caller.now),
      sha256,
      octets: der.length,
      der,
      storedAt: caller.now,
    };
    const outcome = await this.changes.apply({
      ...this.guarded(caller, path),
      decide: (current: SetAndCrl) => decideCrlPut(current, sha256),
      write: async (runner, current) => {
        const event = auditEvent(caller, eventOf(path, current, sha256));
        const written = await PUT_CRL.first(runner, { ...row, event, now: caller.now, denied: denialOfSet(extId) });
        return written && current;
      },
    });
    const before = outcome.kind === 'written' ? outcome.result : undefined;
    const replaced = before?.thisUpdate == null ? undefined : { number: before.number, thisUpdate: before.thisUpdate };
    const replacedNewer = replaced !== undefined && isNewerThan(replaced, row) ? replaced : undefined;
    return trustSetCrlResource(row, { set, now: caller.now, replacedNewer });
  }

  async remove(caller: Caller, path: TrustSetCrlPath): Promise<void> {
    const { clientExtId, extId, name } = path;
    const guarded = this.guarded(caller, path);
    await this.changes.apply({
      ...guarded,
      read: async (runner: StatementRunner) => {
        const current = await guarded.read(runner);
        return current?.sha256 === null ? undefined : current;
      },
      decide: () => ({ kind: 'changed' }),
      write: async (runner, current) => {
        const event = auditEvent(caller, eventOf(path, current, null));
        const key = { clientExtId, setExtId: extId, name };
        return await DELETE_CRL.first(runner, { ...key, event, now: caller.now, denied: denialOfSet(extId) });
      },
    });
  }

  /** The locks are those of a change of the set, and are taken first, because the policies are written as well. */
  private guarded(caller: Caller, { clientExtId, extId, name }: TrustSetCrlPath) {
    return {
      caller,
      clientExtId,
      expected: undefined,
      lockFirst: 'always' as const,
      locks: {
        policiesFairLock: async (runner: StatementRunner) => await LOCK_POLICIES_OF_CLIENT.all(runner, { clientExtId }),
        trustSet: async (runner: StatementRunner) => await LOCK_TRUST_SET.all(runner, { clientExtId, extId }),
      },
      read: async (runner: StatementRunner) =>
        await READ_SET_AND_CRL.first(runner, { clientExtId, setExtId: extId, name }),
    };
  }

  private async readCrl(clientExtId: string, bytes: Buffer): Promise<CrlWithDer> {
    const { value, problems } = await this.evidence.newCrl(clientExtId, bytes, true);
    if (value !== undefined) return value;
    const message = `The CRL cannot be read: ${problems.at(-1) ?? 'it is malformed'}.`;
    throw appError({ code: 'errors.invalidData', message, field: 'body' });
  }
}

type SetAndCrl = NonNullable<Awaited<ReturnType<typeof READ_SET_AND_CRL.first>>>;

/** A CRL is shown by its SHA-256. */
function eventOf({ extId, name }: TrustSetCrlPath, current: SetAndCrl, sha256: Buffer | null) {
  const change = {
    ...(current.sha256 === null ? {} : { from: colonHex(current.sha256) }),
    ...(sha256 === null ? {} : { to: colonHex(sha256) }),
  };
  return {
    kind: 'trustAnchorSet',
    action: 'changed',
    extId,
    generation: current.generation,
    changes: { [`crls.${name}`]: change },
  } as const;
}
