import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { requireOwnMembers } from '../auth/require-own-members.js';
import { callerWithRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { appError, noRecord, throwAll } from '../common/errors.js';
import { generateExternalId } from '../common/external-id.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { LOCK_COUNT, LOCK_POLICY, LOCK_USER } from '../credentials/credential.queries.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import { takenValues, withEveryTaken } from '../database/taken.js';
import { PASS_TURNSTILE } from '../database/turnstile.js';
import { PoliciesService } from '../policies/policies.service.js';
import { decideCreate } from './certificate-creation.rules.js';
import type { CertificatesPath } from './certificate-path.js';
import { certificateResource, type CertificateResource } from './certificate-resource.js';
import { type CertificateRow, type JudgesRow, ownerOf } from './certificate-row.js';
import { certificateColumns, storeNew } from './certificate-store.js';
import { FIND_TAKEN, READ_JUDGES } from './certificate.queries.js';
import type { CreateCertificateDto } from './dto/create-certificate.dto.js';
import { type JudgedCertificateResource, refusedError, withOutcomes } from './policy-outcome.js';

type Judges = JudgesRow & { readonly policyExtId: string; readonly policyParameters: string; readonly count: number };

/** X2. */
@Injectable()
export class CertificateCreationService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async create(
    authenticated: Caller,
    path: CertificatesPath,
    sent: CreateCertificateDto,
    dryRun: boolean,
  ): Promise<JudgedCertificateResource> {
    const caller = await permittedCaller(authenticated, path, sent);
    requireOwnMembers(caller, sent, ['policyExtId']);
    const extId = sent.extId ?? generateExternalId();
    const findTaken = async () => await this.findTaken(path, extId, sent);
    return await withEveryTaken(async () => {
      const judges = await this.readJudges(this.database, caller, path, sent);
      const { row, decision } = this.judge(caller, path, extId, sent, judges);
      if (dryRun) {
        throwAll(await findTaken());
        return withOutcomes(this.resource(row, caller), decision.outcomes);
      }
      const stored =
        (await this.store(this.database, caller, path, judges, { row, decision })) ??
        (await this.database.transaction(
          path.clientExtId,
          async (runner) => await this.createLocked(runner, caller, path, extId, sent),
        ));
      return this.resource(stored, caller);
    }, findTaken);
  }

  /** What it was judged by has changed meanwhile, the count included: judge again while nobody can change it. */
  private async createLocked(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatesPath,
    extId: string,
    sent: CreateCertificateDto,
  ): Promise<CertificateRow> {
    await runner.run(LOCK_USER, [path.clientExtId, path.userExtId]);
    await runner.run(PASS_TURNSTILE, [path.clientExtId]);
    await runner.run(LOCK_POLICY, [path.clientExtId, 'CertificatePolicy', sent.policyExtId ?? null]);
    await runner.run(LOCK_COUNT, [path.clientExtId, path.userExtId]);
    const judges = await this.readJudges(runner, caller, path, sent);
    const stored = await this.store(runner, caller, path, judges, this.judge(caller, path, extId, sent, judges));
    if (stored === undefined) throw new Error('A locked user or policy was changed by somebody else.');
    return stored;
  }

  private async readJudges(
    runner: StatementRunner,
    caller: Caller,
    { clientExtId, userExtId }: CertificatesPath,
    { policyExtId }: CreateCertificateDto,
  ): Promise<Judges> {
    const values = [clientExtId, userExtId, policyExtId ?? null];
    const [judges] = await runner.run<JudgesRow & { policyExtId: string | null; count: number }>(
      READ_JUDGES[caller.mode],
      values,
    );
    requireActiveOwner(caller, judges);
    if (judges === undefined) throw noRecord();
    if (judges.policyExtId === null) {
      throw appError({
        code: 'errors.invalidData',
        message: 'policyExtId must name a CertificatePolicy of the client, or be absent where it has a default.',
        field: 'policyExtId',
      });
    }
    return judges as Judges;
  }

  private judge(caller: Caller, path: CertificatesPath, extId: string, sent: CreateCertificateDto, judges: Judges) {
    const { certificate } = sent;
    const decision = decideCreate({
      mode: caller.mode,
      owner: ownerOf(path.userExtId, judges),
      policy: this.policies.certificatePolicy(judges.policyParameters),
      now: caller.now,
      certificate,
      stateName: sent.stateName,
      count: judges.count,
      most: this.settings.maxCredentialsPerUser,
    });
    if (decision.kind === 'refused') throw refusedError(decision);
    const row: CertificateRow = {
      ...decision.changes,
      ...certificateColumns(certificate),
      extId,
      userExtId: path.userExtId,
      policyExtId: judges.policyExtId,
      incarnation: randomUUID(),
      properties: null,
      lastSuccess: null,
      lastFailure: null,
      version: 1,
      created: caller.now,
      lastModified: caller.now,
    };
    return { row, decision: { ...decision, certificate } };
  }

  private async store(
    runner: StatementRunner,
    caller: Caller,
    { clientExtId }: CertificatesPath,
    judges: Judges,
    { row, decision }: ReturnType<CertificateCreationService['judge']>,
  ): Promise<CertificateRow | undefined> {
    return await storeNew(runner, caller, clientExtId, judges, row, decision, this.settings.maxCredentialsPerUser);
  }

  private async findTaken({ clientExtId }: CertificatesPath, extId: string, { certificate }: CreateCertificateDto) {
    return await takenValues(this.database, FIND_TAKEN, [clientExtId, extId, certificate.sha256, null]);
  }

  private resource(row: CertificateRow, { now }: Caller): CertificateResource {
    return certificateResource(row, now, this.settings.fingerprintAlgorithm);
  }
}

/** X2: who chooses the state of a new credential needs the right to change one, or does so as its owner. */
async function permittedCaller(
  caller: Caller,
  { clientExtId }: CertificatesPath,
  { stateName }: CreateCertificateDto,
): Promise<Caller> {
  if (caller.mode === 'selfAdmin' || stateName === undefined) return caller;
  return await callerWithRights(caller, clientExtId, ['CredentialChangeState']);
}
