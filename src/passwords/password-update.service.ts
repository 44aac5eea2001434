import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import { refuseAdministeredMembers } from '../auth/access.rules.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import { locksOfCredentialAndPolicy } from '../credentials/credential-locks.js';
import { passwordResource, type PasswordResource } from '../credentials/credential-resource.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import type { StatementRunner } from '../database/database.js';
import { PoliciesService } from '../policies/policies.service.js';
import { PasswordHasher } from './password-hasher.js';
import { newSecret, samePassword, type StoredSecret, storePasswordChange } from './password-store.js';
import { decidePasswordUpdate, type PasswordChange } from './password-update.rules.js';
import type { UpdatePasswordDto } from './password.dto.js';
import { type EvaluatedPassword, READ_PASSWORD_TO_CHANGE } from './password.queries.js';
import type { PasswordPath } from './password.table.js';

interface UpdateRequest {
  readonly patch: UpdatePasswordDto;
  readonly ifMatch: IfMatch | undefined;
}

type Plan = PasswordChange & { readonly secret: StoredSecret | undefined };

/** W1: PATCH. */
@Injectable()
export class PasswordUpdateService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly policies: PoliciesService,
    private readonly hasher: PasswordHasher,
  ) {}

  async update(caller: Caller, path: PasswordPath, { patch, ifMatch }: UpdateRequest): Promise<PasswordResource> {
    refuseAdministeredMembers(caller, patch, ['stateName', 'modificationComment']);
    const { clientExtId } = path;
    const { password } = patch;
    const { extId, read } = samePassword(async (runner) => await readToChange(runner, caller, path));
    const outcome = await this.changes.apply<EvaluatedPassword, Plan, CredentialRow, StoredSecret | undefined>({
      caller,
      clientExtId,
      expected: { ifMatch, version: patch.version },
      read,
      // Hashing takes long: only what nothing refuses is hashed, and once.
      gather: async (row) =>
        password !== undefined && this.decide(caller, row, patch).kind === 'changed'
          ? newSecret(await this.hasher.hash(clientExtId, password, caller.signal))
          : undefined,
      decide: (row, secret) => {
        const decision = this.decide(caller, row, patch);
        if (decision.kind !== 'changed') return decision;
        return password !== undefined && secret === undefined ? { kind: 'evidenceMissing' } : { ...decision, secret };
      },
      locks: locksOfCredentialAndPolicy(path, extId),
      write: async (runner, row, { secret, ...change }) =>
        await storePasswordChange(runner, caller, clientExtId, row, change, secret),
    });
    return passwordResource(outcome.kind === 'written' ? outcome.result : outcome.row, caller.now);
  }

  private decide({ mode, now }: Caller, row: EvaluatedPassword, patch: UpdatePasswordDto) {
    return decidePasswordUpdate({
      mode,
      owner: { state: row.ownerState, loginId: row.ownerLoginId },
      policy: this.policies.passwordPolicy(row.policyParameters),
      credential: row,
      patch,
      now,
    });
  }
}

async function readToChange(runner: StatementRunner, caller: Caller, { clientExtId, userExtId }: PasswordPath) {
  const row = await READ_PASSWORD_TO_CHANGE[caller.mode].first(runner, { clientExtId, userExtId });
  requireActiveOwner(caller, row);
  return row === undefined || row.extId === null ? undefined : row;
}
