import { Inject, Injectable } from '@nestjs/common';

import { VersionCheck } from '../audit/version-check.js';
import type { Caller } from '../common/actor.js';
import { noRecord, throwAll } from '../common/errors.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.token.js';
import { LOCK_CREDENTIAL, LOCK_POLICY_OF_CREDENTIAL, LOCK_USER } from '../credentials/credential.queries.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database, type StatementRunner } from '../database/database.js';
import { takenValues, withEveryTaken } from '../database/taken.js';
import { PASS_TURNSTILE } from '../database/turnstile.js';
import type { IfMatch } from '../http/precondition.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { CertificateColumns, Changed, Unchanged } from './certificate-decision.js';
import type { CertificatePath } from './certificate-path.js';
import { certificateResource, type CertificateResource } from './certificate-resource.js';
import { type CertificateRow, type JudgesRow, ownerOf } from './certificate-row.js';
import { changedRow, storeChange } from './certificate-store.js';
import { decideUpdate } from './certificate-update.rules.js';
import { FIND_TAKEN, READ_CERTIFICATE_TO_CHANGE } from './certificate.queries.js';
import type { UpdateCertificateDto } from './dto/update-certificate.dto.js';
import { type JudgedCertificateResource, refusedError, withOutcomes } from './policy-outcome.js';

export interface UpdateRequest {
  readonly patch: UpdateCertificateDto;
  readonly ifMatch: IfMatch | undefined;
  readonly dryRun: boolean;
}

/** A credential has a policy: the database holds it to one. */
type Judged = CertificateRow & JudgesRow & { readonly policyParameters: string };
type UpdateDecision = Unchanged | Changed<Partial<CertificateColumns>>;

/** X4: the main endpoint. */
@Injectable()
export class CertificateUpdateService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly versions: VersionCheck,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Two statements where nobody else writes: read everything that decides, then change the row and its trail on the
   * condition that it all still stands. Where it does not, the second attempt locks, judges again, and cannot lose.
   */
  async update(caller: Caller, path: CertificatePath, request: UpdateRequest): Promise<JudgedCertificateResource> {
    return await withEveryTaken(
      async () => {
        const judged = await this.read(this.database, caller, path);
        const decision = await this.decide(this.database, caller, path, judged, request);
        if (request.dryRun) return await this.rehearse(caller, path, judged, decision);
        if (decision.kind === 'unchanged') return this.resource(judged, caller);
        const written =
          (await storeChange(this.database, caller, path, judged, decision)) ??
          (await this.database.transaction(
            path.clientExtId,
            async (runner) => await this.updateLocked(runner, caller, path, request),
          ));
        return this.resource(written, caller);
      },
      async () => await this.findTaken(path, request.patch.certificate),
    );
  }

  private async updateLocked(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    request: UpdateRequest,
  ): Promise<CertificateRow> {
    const { clientExtId, userExtId, extId } = path;
    await runner.run(LOCK_USER, [clientExtId, userExtId]);
    await runner.run(PASS_TURNSTILE, [clientExtId]);
    await runner.run(LOCK_POLICY_OF_CREDENTIAL, [clientExtId, extId]);
    await runner.run(LOCK_CREDENTIAL, [clientExtId, extId]);
    const judged = await this.read(runner, caller, path);
    const decision = await this.decide(runner, caller, path, judged, request);
    if (decision.kind === 'unchanged') return judged;
    const written = await storeChange(runner, caller, path, judged, decision);
    if (written === undefined) throw new Error('A locked credential was changed by somebody else.');
    return written;
  }

  private async read(runner: StatementRunner, caller: Caller, path: CertificatePath): Promise<Judged> {
    const values = [path.clientExtId, path.extId, path.userExtId];
    const [row] = await runner.run<Judged | (JudgesRow & { extId: null })>(
      READ_CERTIFICATE_TO_CHANGE[caller.mode],
      values,
    );
    requireActiveOwner(caller, row);
    if (row === undefined || row.extId === null) throw noRecord();
    return row;
  }

  private async decide(
    runner: StatementRunner,
    caller: Caller,
    path: CertificatePath,
    judged: Judged,
    { patch, ifMatch }: UpdateRequest,
  ): Promise<UpdateDecision> {
    await this.versions.check(caller, path.clientExtId, judged, { ifMatch, version: patch.version }, runner);
    const decision = decideUpdate({
      mode: caller.mode,
      owner: ownerOf(path.userExtId, judged),
      policy: this.policies.certificatePolicy(judged.policyParameters),
      now: caller.now,
      credential: judged,
      patch: {
        stateName: patch.stateName,
        newCertificate: patch.certificate,
        modificationComment: patch.modificationComment,
      },
    });
    if (decision.kind === 'refused') throw refusedError(decision);
    return decision;
  }

  private async findTaken({ clientExtId, extId }: CertificatePath, certificate: Certificate | undefined) {
    if (certificate === undefined) return [];
    return await takenValues(this.database, FIND_TAKEN, [clientExtId, null, certificate.sha256, extId]);
  }

  /** Everything that the real request would find out by writing, found out by reading (contract 1.4). */
  private async rehearse(
    caller: Caller,
    path: CertificatePath,
    judged: Judged,
    decision: UpdateDecision,
  ): Promise<JudgedCertificateResource> {
    if (decision.kind === 'unchanged') return withOutcomes(this.resource(judged, caller), decision.outcomes);
    throwAll(await this.findTaken(path, decision.certificate));
    const next = {
      ...changedRow(judged, decision),
      version: judged.version + 1,
      lastModified: caller.now > judged.lastModified ? caller.now : judged.lastModified,
    };
    return withOutcomes(this.resource(next, caller), decision.outcomes);
  }

  private resource(row: CertificateRow, { now }: Caller): CertificateResource {
    return certificateResource(row, now, this.settings.fingerprintAlgorithm);
  }
}
