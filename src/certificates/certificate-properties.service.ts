import { Injectable } from '@nestjs/common';

import { auditEvent } from '../audit/change-with-audit-event.js';
import { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import {
  hasTooManyProperties,
  mergeProperties,
  type SentTextMembers,
  type TextMembers,
} from '../common/text-members.js';
import { locksOfCredential } from '../credentials/credential-locks.js';
import { checkNotArchived, refused } from '../credentials/state-refusals.rules.js';
import type { StatementRunner } from '../database/database.js';
import type { Written } from '../database/versioned.js';
import { readCertificateToChange } from './certificate-changes.js';
import type { CertificatePath } from './certificate-path.js';
import { type EvaluatedCertificate, ownerOf } from './certificate-row.js';
import { certificateEvent } from './certificate-store.js';
import { CHANGE_PROPERTIES } from './certificate.queries.js';

/** All properties of a credential, and its version. */
export interface CertificateProperties {
  readonly properties: TextMembers;
  readonly version: number;
}

interface ChangedProperties {
  readonly kind: 'changed';
  readonly properties: TextMembers | null;
}

/** X6. */
@Injectable()
export class CertificatePropertiesService {
  constructor(private readonly changes: GuardedChanges) {}

  async update(
    caller: Caller,
    path: CertificatePath,
    sent: SentTextMembers,
    ifMatch: IfMatch | undefined,
  ): Promise<CertificateProperties> {
    const outcome = await this.changes.apply<EvaluatedCertificate, ChangedProperties, ChangedProperties & Written>({
      caller,
      clientExtId: path.clientExtId,
      expected: { ifMatch, version: undefined },
      read: readCertificateToChange(caller, path),
      decide: (row) => decide(row, sent),
      locks: locksOfCredential(path, () => path.extId),
      write: async (runner, row, change) => await store(runner, caller, path, row, change),
    });
    const { properties, version } = outcome.kind === 'written' ? outcome.result : outcome.row;
    return { properties: properties ?? {}, version };
  }
}

function decide(row: EvaluatedCertificate, sent: SentTextMembers) {
  const archived = refused(checkNotArchived(ownerOf(row), row.state));
  if (archived !== undefined) return archived;
  const properties = mergeProperties(row.properties, sent);
  if (hasTooManyProperties(properties)) {
    const message = 'A credential can have at most 100 properties.';
    return { kind: 'refused', errors: [{ code: 'errors.invalidData', message, field: 'properties' }] } as const;
  }
  if (sameMembers(properties, row.properties)) return { kind: 'unchanged' } as const;
  return { kind: 'changed', properties } as const;
}

async function store(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId }: CertificatePath,
  evaluated: EvaluatedCertificate,
  change: ChangedProperties,
): Promise<(ChangedProperties & Written) | undefined> {
  const { properties } = change;
  const { now } = caller;
  const row = { ...evaluated, properties };
  const event = auditEvent(caller, certificateEvent({ before: evaluated, row, changed: ['properties'], now }));
  const parameters = { clientExtId, evaluated, properties, now, event };
  const written = await CHANGE_PROPERTIES.first(runner, parameters);
  return written === undefined ? undefined : { ...change, ...written };
}

function sameMembers(one: TextMembers | null, other: TextMembers | null): boolean {
  const values = new Map(Object.entries(other ?? {}));
  const entries = Object.entries(one ?? {});
  return entries.length === values.size && entries.every(([name, value]) => values.get(name) === value);
}
