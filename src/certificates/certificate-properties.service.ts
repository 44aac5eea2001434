import { Injectable } from '@nestjs/common';

import { trailValues } from '../audit/trail-event.js';
import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord, throwAll } from '../common/errors.js';
import {
  hasTooManyProperties,
  mergeProperties,
  type SentTextMembers,
  type TextMembers,
} from '../common/text-members.js';
import { LOCK_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import { refusalOfArchived } from '../credentials/state-refusals.rules.js';
import { Database, type StatementRunner } from '../database/database.js';
import type { IfMatch } from '../http/precondition.js';
import type { CertificatePath } from './certificate-path.js';
import { CHANGE_PROPERTIES } from './certificate-properties.queries.js';
import { type CertificateRow, type JudgesRow, ownerOf } from './certificate-row.js';
import { trailOf } from './certificate-trail.js';
import { READ_CERTIFICATE_TO_CHANGE } from './certificate.queries.js';

/** All properties of a credential, and the version that they now have. */
export interface CertificateProperties {
  readonly properties: TextMembers;
  readonly version: number;
}

/** X6. */
@Injectable()
export class CertificatePropertiesService {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async update(
    caller: Caller,
    path: CertificatePath,
    sent: SentTextMembers,
    ifMatch: IfMatch | undefined,
  ): Promise<CertificateProperties> {
    const changed = await this.attempt(this.database, caller, path, sent, ifMatch);
    if (changed !== undefined) return changed;
    return await this.database.transaction(path.clientExtId, async (runner) => {
      await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
      await runner.run(LOCK_CREDENTIAL, [path.clientExtId, path.extId]);
      const locked = await this.attempt(runner, caller, path, sent, ifMatch);
      if (locked === undefined) throw new Error('A locked credential was changed by somebody else.');
      return locked;
    });
  }

  /** Undefined where the credential or its user is no longer in the version that was read. */
  private async attempt(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    sent: SentTextMembers,
    ifMatch: IfMatch | undefined,
  ): Promise<CertificateProperties | undefined> {
    const { clientExtId, userExtId, extId } = path;
    const [row] = await runner.run<(CertificateRow & JudgesRow) | (JudgesRow & { readonly extId: null })>(
      READ_CERTIFICATE_TO_CHANGE[caller.mode],
      [clientExtId, extId, userExtId],
    );
    if (row === undefined || row.extId === null) throw noRecord();
    await this.versions.check(caller, clientExtId, row, { ifMatch, version: undefined }, runner);
    throwAll(refusalOfArchived(ownerOf(userExtId, row), row.state));
    const properties = merged(row.properties, sent);
    if (sameMembers(properties, row.properties)) return { properties: properties ?? {}, version: row.version };
    const event = trailOf('changed', { ...row, properties }, { certificate: undefined, changed: ['properties'] });
    const [written] = await runner.run<{ version: number }>(CHANGE_PROPERTIES, [
      clientExtId,
      userExtId,
      row.ownerVersion,
      extId,
      row.version,
      row.lock,
      row.lockedUntil,
      caller.now,
      properties === null ? null : JSON.stringify(properties),
      ...trailValues(caller, event),
    ]);
    return written === undefined ? undefined : { properties: properties ?? {}, version: written.version };
  }
}

function merged(current: TextMembers | null, sent: SentTextMembers): TextMembers | null {
  const properties = mergeProperties(current, sent);
  if (!hasTooManyProperties(properties)) return properties;
  throw appError({
    code: 'errors.invalidData',
    message: 'A credential has at most 100 properties.',
    field: 'properties',
  });
}

function sameMembers(one: TextMembers | null, other: TextMembers | null): boolean {
  const values = new Map(Object.entries(other ?? {}));
  const entries = Object.entries(one ?? {});
  return entries.length === values.size && entries.every(([name, value]) => values.get(name) === value);
}
