import { Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import { requireOwnMembers } from '../auth/require-own-members.js';
import type { Caller } from '../common/actor.js';
import { noRecord, throwAll } from '../common/errors.js';
import { LOCK_CREDENTIAL, LOCK_POLICY_OF_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import { PASS_TURNSTILE } from '../database/turnstile.js';
import type { IfMatch } from '../http/precondition.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { UpdatePasswordDto } from './dto/update-password.dto.js';
import { PasswordHasher } from './password-hasher.js';
import type { PasswordPath } from './password-path.js';
import { passwordResource, type PasswordResource } from './password-resource.js';
import type { PasswordJudgesRow, PasswordRow } from './password-row.js';
import { newSecret, type StoredSecret, storePasswordChange } from './password-store.js';
import { decidePasswordUpdate, type PasswordChange } from './password-update.rules.js';
import { READ_PASSWORD_TO_CHANGE } from './password.queries.js';

interface UpdateRequest {
  readonly patch: UpdatePasswordDto;
  readonly ifMatch: IfMatch | undefined;
}

type Judged = PasswordRow & PasswordJudgesRow & { readonly policyExtId: string; readonly policyParameters: string };

/** W1: PATCH. */
@Injectable()
export class PasswordUpdateService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly versions: VersionCheck,
    private readonly hasher: PasswordHasher,
  ) {}

  async update(caller: Caller, path: PasswordPath, request: UpdateRequest): Promise<PasswordResource> {
    requireOwnMembers(caller, request.patch, ['stateName', 'modificationComment']);
    const judged = await this.read(this.database, caller, path);
    const change = await this.decide(this.database, caller, path, judged, request);
    if (change === undefined) return passwordResource(judged, caller.now);
    // Hashed once, and only after everything that can be refused has been: it is the dear part.
    const { password } = request.patch;
    const secret =
      password === undefined ? undefined : newSecret(await this.hasher.hash(path.clientExtId, password, caller.signal));
    const written =
      (await storePasswordChange(this.database, caller, path, judged, change, secret)) ??
      (await this.database.transaction(
        path.clientExtId,
        async (runner) => await this.updateLocked(runner, caller, path, judged.extId, request, secret),
      ));
    return passwordResource(written, caller.now);
  }

  private async updateLocked(
    runner: StatementRunner,
    caller: Caller,
    path: PasswordPath,
    extId: string,
    request: UpdateRequest,
    secret: StoredSecret | undefined,
  ): Promise<PasswordRow> {
    await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
    await runner.run(PASS_TURNSTILE, [path.clientExtId]);
    await runner.run(LOCK_POLICY_OF_CREDENTIAL, [path.clientExtId, extId]);
    await runner.run(LOCK_CREDENTIAL, [path.clientExtId, extId]);
    const judged = await this.read(runner, caller, path);
    // Deleted and made anew meanwhile: what was asked to be changed is no more.
    if (judged.extId !== extId) throw noRecord();
    const change = await this.decide(runner, caller, path, judged, request);
    if (change === undefined) return judged;
    const written = await storePasswordChange(runner, caller, path, judged, change, secret);
    if (written === undefined) throw new Error('A locked password was changed by somebody else.');
    return written;
  }

  private async read(
    runner: StatementRunner,
    caller: Caller,
    { clientExtId, userExtId }: PasswordPath,
  ): Promise<Judged> {
    const [row] = await runner.run<Judged | (PasswordJudgesRow & { readonly extId: null })>(
      READ_PASSWORD_TO_CHANGE[caller.mode],
      [clientExtId, userExtId],
    );
    requireActiveOwner(caller, row);
    if (row === undefined || row.extId === null) throw noRecord();
    return row;
  }

  /** Undefined where nothing is to be changed. */
  private async decide(
    runner: StatementRunner,
    caller: Caller,
    path: PasswordPath,
    judged: Judged,
    { patch, ifMatch }: UpdateRequest,
  ): Promise<PasswordChange | undefined> {
    await this.versions.check(caller, path.clientExtId, judged, { ifMatch, version: patch.version }, runner);
    const decision = decidePasswordUpdate({
      mode: caller.mode,
      owner: { state: judged.ownerState, loginId: judged.ownerLoginId },
      policy: this.policies.passwordPolicy(judged.policyParameters),
      credential: judged,
      patch,
      now: caller.now,
    });
    if (decision.kind === 'refused') throwAll(decision.errors);
    return decision.kind === 'changed' ? decision : undefined;
  }
}
