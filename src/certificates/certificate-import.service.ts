import { Injectable } from '@nestjs/common';

import type { GuardedChanges } from '../audit/guarded-change.js';
import type { Caller } from '../common/actor.js';
import { effectiveState, type StateName } from '../credentials/credential-state.rules.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { requirePolicy } from '../credentials/new-credential.js';
import type { StatementRunner } from '../database/database.js';
import { CertificateCreationService } from './certificate-creation.service.js';
import type { CertificatePath, CertificatesPath } from './certificate-path.js';
import type { EvaluatedCertificate } from './certificate-row.js';
import { CertificateTrust, type GatheredTrust } from './certificate-trust.service.js';
import { type CertificateChange, CertificateUpdates } from './certificate-updates.js';
import type { CreateCertificateDto, UpdateCertificateDto } from './certificate.dto.js';
import { READ_CERTIFICATE_BY_EXT_ID } from './certificate.queries.js';
import { EvidenceAllowances } from './evidence-allowance.js';
import { FIND_HOLDER, READ_POLICY_TO_EXPLAIN } from './explanation/explain.queries.js';

/** A certificate as an import names it. */
export interface SentCertificate {
  readonly certificate: CreateCertificateDto['certificate'] | undefined;
  readonly extId: string | undefined;
  readonly policyExtId: string | undefined;
  readonly stateName: StateName | undefined;
}

/** Where the decision's rows are read, and the turn in which whatever may be slow is gathered. */
export interface ImportSources {
  readonly reader: StatementRunner;
  readonly gathering: { run<Result>(work: () => Promise<Result>): Promise<Result> };
}

/** Gathered before the change, for `create` and `change`. */
export type ImportEvidence = GatheredTrust;

/** X2 and X4 as parts of other changes: with evidence that has been gathered before, in a transaction that is open. */
@Injectable()
export class CertificateImportService {
  constructor(
    private readonly creation: CertificateCreationService,
    private readonly updates: CertificateUpdates,
    private readonly trust: CertificateTrust,
    private readonly allowances: EvidenceAllowances,
  ) {}

  /** The credential with this extId or, if none is named, with this certificate. */
  async stored(runner: StatementRunner, caller: Caller, clientExtId: string, sent: SentCertificate) {
    const row = await this.row(runner, clientExtId, sent);
    if (row === undefined) return undefined;
    const { extId, userExtId, policyExtId, sha256 } = row;
    const { stateName, stateChangeReason: reason } = effectiveState(row, caller.now);
    return { extId, userExtId, policyExtId, sha256, stateName, reason };
  }

  /**
   * Whatever the decision needs from other sources; never called inside a transaction.
   *
   * @throws AppError if there is no such policy
   */
  async gather(
    { reader: runner, gathering }: ImportSources,
    caller: Caller,
    { clientExtId, userExtId }: CertificatesPath,
    sent: SentCertificate,
    dryRun: boolean,
  ): Promise<ImportEvidence> {
    const { certificate, policyExtId } = sent;
    const stored = await this.row(runner, clientExtId, sent);
    const allowance = this.allowances.forChange(caller, dryRun);
    if (stored !== undefined) {
      const patch = { ...(certificate === undefined ? {} : { certificate }), ...assignable(sent.stateName) };
      const path = { clientExtId, userExtId, extId: stored.extId };
      const change = this.updates.change(caller, path, { patch, expected: undefined, dryRun: false, allowance });
      const row = await change.read(runner, false);
      return row === undefined ? undefined : await gathering.run(async () => await change.gather?.(row));
    }
    if (certificate === undefined) return undefined;
    const chosen = await READ_POLICY_TO_EXPLAIN.first(runner, { clientExtId, chosenPolicyExtId: policyExtId ?? null });
    const row = requirePolicy(chosen, 'CertificatePolicy');
    if (row === undefined) return undefined;
    return await gathering.run(async () => {
      return await this.trust.gather(clientExtId, { certificate, row, now: caller.now, allowance });
    });
  }

  async create(
    changes: GuardedChanges,
    caller: Caller,
    path: CertificatesPath,
    sent: CreateCertificateDto,
    evidence: ImportEvidence,
  ): Promise<void> {
    await this.creation.createWith(changes, caller, path, { sent, dryRun: false }, () => Promise.resolve(evidence));
  }

  /** Returns whether it has changed anything. */
  async change(
    changes: GuardedChanges,
    caller: Caller,
    path: CertificatePath,
    patch: UpdateCertificateDto,
    evidence: ImportEvidence,
  ): Promise<boolean> {
    const allowance = this.allowances.forChange(caller, false);
    const change = this.updates.change(caller, path, {
      patch,
      expected: undefined,
      dryRun: false,
      allowance,
      changeReason: 'changed-by-batchjob',
    });
    const outcome = await changes.apply<EvaluatedCertificate, CertificateChange, CertificateRow, ImportEvidence>({
      ...change,
      gather: () => Promise.resolve(evidence),
    });
    return outcome.kind === 'written';
  }

  private async row(
    runner: StatementRunner,
    clientExtId: string,
    { extId, certificate }: SentCertificate,
  ): Promise<CertificateRow | undefined> {
    if (extId !== undefined) return await READ_CERTIFICATE_BY_EXT_ID.first(runner, { clientExtId, extId });
    if (certificate === undefined) return undefined;
    return await FIND_HOLDER.first(runner, { clientExtId, sha256: certificate.sha256 });
  }
}

/** The members of a change; an archived state is none of them. */
function assignable(stateName: StateName | undefined): Pick<UpdateCertificateDto, 'stateName'> {
  return stateName === undefined || stateName === 'archived' ? {} : { stateName };
}
