import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { requireRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord, throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import { LOCK_POLICY, LOCK_USER } from '../credentials/credential.queries.js';
import { Database, type StatementRunner } from '../database/database.js';
import { PASS_TURNSTILE } from '../database/turnstile.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { CreatePasswordDto } from './dto/create-password.dto.js';
import { newPasswordColumns, refusalsOfNewPassword } from './password-creation.rules.js';
import { PasswordHasher } from './password-hasher.js';
import type { PasswordPath } from './password-path.js';
import { passwordResource, type PasswordResource } from './password-resource.js';
import type { PasswordJudgesRow, PasswordRow } from './password-row.js';
import { newSecret, storeNewPassword } from './password-store.js';
import { READ_PASSWORD_JUDGES } from './password.queries.js';

type Judges = PasswordJudgesRow & {
  readonly taken: boolean;
  readonly policyExtId: string;
  readonly policyParameters: string;
};

/** W1: POST. Only administrators come here (contract 2.13). */
@Injectable()
export class PasswordCreationService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly hasher: PasswordHasher,
  ) {}

  async create(caller: Caller, path: PasswordPath, sent: CreatePasswordDto): Promise<PasswordResource> {
    if (sent.stateName !== undefined) requireRights(caller, path.clientExtId, ['CredentialChangeState']);
    const extId = generateExternalId();
    const judges = await this.judge(this.database, path, sent);
    const secret = newSecret(await this.hasher.hash(path.clientExtId, sent.password, caller.signal));
    const row = this.newRow(caller, path, extId, sent, judges);
    if (await storeNewPassword(this.database, caller, path, judges, row, secret)) {
      return passwordResource(row, caller.now);
    }
    // What it was judged by has changed meanwhile: judge again while nobody can change it.
    return await this.database.transaction(path.clientExtId, async (runner) => {
      await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
      await runner.run(PASS_TURNSTILE, [path.clientExtId]);
      await runner.run(LOCK_POLICY, [path.clientExtId, 'PwdPolicy', sent.policyExtId ?? null]);
      const locked = await this.judge(runner, path, sent);
      const next = this.newRow(caller, path, extId, sent, locked);
      const stored = await storeNewPassword(runner, caller, path, locked, next, secret);
      if (!stored) throw new Error('A locked user or policy was changed by somebody else.');
      return passwordResource(next, caller.now);
    });
  }

  private async judge(runner: StatementRunner, path: PasswordPath, sent: CreatePasswordDto): Promise<Judges> {
    const values = [path.clientExtId, path.userExtId, sent.policyExtId ?? null];
    const [judges] = await runner.run<Judges | (PasswordJudgesRow & { policyExtId: null })>(
      READ_PASSWORD_JUDGES,
      values,
    );
    if (judges === undefined) throw noRecord();
    if (judges.policyExtId === null) {
      throw appError({
        code: 'errors.invalidData',
        message: 'policyExtId must name a PwdPolicy of the client, or be absent where it has a default.',
        field: 'policyExtId',
      });
    }
    throwAll(
      refusalsOfNewPassword({
        owner: { state: judges.ownerState, loginId: judges.ownerLoginId },
        taken: judges.taken,
        policy: this.policies.passwordPolicy(judges.policyParameters),
        password: sent.password,
      }),
    );
    return judges;
  }

  private newRow(
    { now }: Caller,
    { userExtId }: PasswordPath,
    extId: string,
    { stateName = 'active' }: CreatePasswordDto,
    { policyExtId, policyParameters }: Judges,
  ): PasswordRow {
    return {
      ...newPasswordColumns(this.policies.passwordPolicy(policyParameters), stateName, now),
      extId,
      userExtId,
      policyExtId,
      incarnation: randomUUID(),
      properties: null,
      lastSuccess: null,
      lastFailure: null,
      version: 1,
      created: now,
      lastModified: now,
    };
  }
}
