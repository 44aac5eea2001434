import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { locksOfCreation } from '../credentials/credential-locks.js';
import { passwordResource, type PasswordResource } from '../credentials/credential-resource.js';
import type { CredentialRow } from '../credentials/credential.table.js';
import { newCredential, requirePolicyFor } from '../credentials/new-credential.js';
import { refused } from '../credentials/state-refusals.rules.js';
import type { StatementRunner } from '../database/database.js';
import { PoliciesService } from '../policies/policies.service.js';
import { checkNewPassword, initialPasswordColumns, TAKEN } from './password-creation.rules.js';
import { PasswordHasher } from './password-hasher.js';
import { newSecret, type StoredSecret, storeNewPassword } from './password-store.js';
import type { CreatePasswordDto } from './password.dto.js';
import { type OwnerAndPolicyRow, READ_OWNER_AND_PASSWORD_POLICY } from './password.queries.js';
import type { PasswordPath } from './password.table.js';

type CreationContext = OwnerAndPolicyRow & { readonly taken: boolean };

interface NewPassword {
  readonly kind: 'changed';
  readonly secret: StoredSecret;
}

/** W1: POST. Allowed only for administrators (contract 2.13). */
@Injectable()
export class PasswordCreationService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly policies: PoliciesService,
    private readonly hasher: PasswordHasher,
  ) {}

  async create(caller: Caller, path: PasswordPath, sent: CreatePasswordDto): Promise<PasswordResource> {
    const { clientExtId } = path;
    if (sent.stateName !== undefined) requireRights(caller, clientExtId, ['CredentialChangeState']);
    const created = newCredential(path.userExtId, caller.now);
    const outcome = await this.changes.apply<CreationContext, NewPassword, CredentialRow, StoredSecret | undefined>({
      caller,
      clientExtId,
      expected: undefined,
      read: async (runner) => await readCreationContext(runner, path, sent),
      // Hashing is slow, so the password is hashed once, and only if nothing refuses it.
      gather: async (row) =>
        this.refusal(row, sent) === undefined
          ? newSecret(await this.hasher.hash(clientExtId, sent.password, caller.signal))
          : undefined,
      decide: (row, secret) =>
        this.refusal(row, sent) ?? (secret === undefined ? { kind: 'evidenceMissing' } : { kind: 'changed', secret }),
      locks: locksOfCreation(path, 'PwdPolicy', sent.policyExtId),
      write: async (runner, row, { secret }) =>
        await storeNewPassword(
          runner,
          caller,
          clientExtId,
          row,
          { ...created, ...this.columns(caller, row, sent) },
          secret,
        ),
    });
    if (outcome.kind !== 'written') throw new Error('A creation always changes something.');
    return passwordResource(outcome.result, caller.now);
  }

  private refusal(row: CreationContext, { password }: CreatePasswordDto) {
    return refused(
      checkNewPassword({
        owner: { state: row.ownerState, loginId: row.ownerLoginId },
        taken: row.taken,
        policy: this.policies.passwordPolicy(row.policyParameters),
        password,
      }),
    );
  }

  private columns({ now }: Caller, row: CreationContext, { stateName = 'active' }: CreatePasswordDto) {
    const policy = this.policies.passwordPolicy(row.policyParameters);
    return { ...initialPasswordColumns(policy, stateName, now), policyExtId: row.policyExtId };
  }
}

async function readCreationContext(
  runner: StatementRunner,
  { clientExtId, userExtId }: PasswordPath,
  { policyExtId }: CreatePasswordDto,
): Promise<CreationContext | undefined> {
  const parameters = { clientExtId, userExtId, chosenPolicyExtId: policyExtId ?? null };
  const row = await READ_OWNER_AND_PASSWORD_POLICY.first(runner, parameters);
  return requirePolicyFor(row, 'PwdPolicy', row?.taken === true ? [TAKEN] : []);
}
