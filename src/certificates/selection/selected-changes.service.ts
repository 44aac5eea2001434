import { Injectable } from '@nestjs/common';

import { type Changed, type GuardedChange, GuardedChanges } from '../../audit/guarded-change.js';
import { VersionCheck } from '../../audit/version-check.js';
import type { Caller } from '../../common/actor.js';
import { appError } from '../../common/errors.js';
import type { CertificateRow } from '../../credentials/credential.table.js';
import type { StatementRunner, Transactions } from '../../database/database.js';
import { deletionOf, type OwnedCertificate } from '../certificate-deletion.service.js';
import type { CertificatePath } from '../certificate-path.js';
import type { EvaluatedCertificate } from '../certificate-row.js';
import type { GatheredTrust } from '../certificate-trust.service.js';
import { type CertificateChange, CertificateUpdates } from '../certificate-updates.js';
import { EvidenceAllowances } from '../evidence-allowance.js';
import { beforeChange } from './before-change.js';
import { type ChangeOfPolicy, PolicyChanges } from './policy-changes.js';
import type { SelectedAction, SelectedCertificate, SelectedOutcome } from './selected-certificate.model.js';

/** The reason of a state that a job sets, instead of the one that says who sets it (contract 5.4). */
const CHANGE_REASON = 'changed-by-batchjob';

type Update = GuardedChange<EvaluatedCertificate, CertificateChange, CertificateRow, GatheredTrust>;
type Deletion = GuardedChange<OwnedCertificate, Changed, object>;

/** The change of one certificate by an action, in the form that its kind has. */
export type SelectedChange =
  | { readonly kind: 'update'; readonly change: Update; readonly needsEvidence: boolean }
  | { readonly kind: 'policy'; readonly change: ChangeOfPolicy; readonly isUndoable: boolean }
  | { readonly kind: 'deletion'; readonly change: Deletion };

/**
 * The single change, X4, X5 or a move, of a certificate that was selected before (contract 17.1). In two halves: what has to
 * be fetched is gathered before the transaction in which the certificate is changed.
 */
@Injectable()
export class SelectedChangesService {
  constructor(
    private readonly updates: CertificateUpdates,
    private readonly policies: PolicyChanges,
    private readonly allowances: EvidenceAllowances,
    private readonly versions: VersionCheck,
  ) {}

  /** The evidence that `apply` needs. */
  async gather(
    runner: StatementRunner,
    caller: Caller,
    clientExtId: string,
    selected: SelectedCertificate,
    action: SelectedAction,
  ): Promise<GatheredTrust> {
    const selectedChange = this.changeOf(caller, { clientExtId, ...selected }, action);
    switch (selectedChange.kind) {
      case 'update':
        return selectedChange.needsEvidence ? await gathered(runner, selectedChange.change, selected) : undefined;
      case 'policy':
        return await gathered(runner, selectedChange.change, selected);
      default:
        return undefined;
    }
  }

  /**
   * Makes the change in the transaction; `evidence` is that of `gather`.
   *
   * @throws AppError if it is refused; `errors.unavailable` if the evidence does not fit any more
   */
  async apply(
    transaction: StatementRunner & Transactions,
    caller: Caller,
    clientExtId: string,
    selected: SelectedCertificate,
    action: SelectedAction,
    evidence: GatheredTrust,
  ): Promise<SelectedOutcome> {
    const changes = new GuardedChanges(transaction, this.versions);
    const selectedChange = this.changeOf(caller, { clientExtId, ...selected }, action);
    switch (selectedChange.kind) {
      case 'update':
        return await applied(changes, selectedChange.change, selected, evidence, (row, plan, { version }) => {
          return { versionAfter: version, before: beforeChange(row, plan.changes) };
        });
      case 'policy':
        return await applied(changes, selectedChange.change, selected, evidence, (row, plan, { version }) => {
          if (!selectedChange.isUndoable) return { versionAfter: version };
          const before = { ...row, policyExtId: row.formerPolicyExtId };
          return { versionAfter: version, before: beforeChange(before, plan.next) };
        });
      default:
        return await applied(changes, selectedChange.change, selected, undefined, () => ({}));
    }
  }

  changeOf(caller: Caller, path: CertificatePath, action: SelectedAction, dryRun = false): SelectedChange {
    const allowance = this.allowances.forChange(caller, dryRun);
    switch (action.kind) {
      case 'disable':
      case 'enable': {
        const { modificationComment } = action;
        const stateName = action.kind === 'disable' ? 'disabled' : 'active';
        const patch = { stateName, ...(modificationComment === undefined ? {} : { modificationComment }) } as const;
        const update = { patch, expected: undefined, dryRun, allowance, changeReason: CHANGE_REASON } as const;
        const change = this.updates.change(caller, path, update);
        return { kind: 'update', change, needsEvidence: action.kind === 'enable' };
      }
      case 'move': {
        const { policyExtId, modificationComment } = action;
        const move = { policyExtId, modificationComment, changeReason: CHANGE_REASON } as const;
        return { kind: 'policy', change: this.policies.move(caller, path, allowance, move), isUndoable: true };
      }
      case 'restore':
        return { kind: 'policy', change: this.policies.restore(caller, path, allowance, action), isUndoable: false };
      default:
        return { kind: 'deletion', change: deletionOf(caller, path, undefined) };
    }
  }
}

async function gathered<Row extends CertificateRow, Plan extends Changed, Result>(
  runner: StatementRunner,
  { read, gather }: GuardedChange<Row, Plan, Result, GatheredTrust>,
  selected: SelectedCertificate,
): Promise<GatheredTrust> {
  const row = sameCertificate(await read(runner, false), selected);
  return row === undefined ? undefined : await gather?.(row);
}

async function applied<Row extends CertificateRow, Plan extends Changed, Result extends object, Evidence>(
  changes: GuardedChanges,
  change: GuardedChange<Row, Plan, Result, Evidence>,
  selected: SelectedCertificate,
  evidence: Evidence,
  undo: (row: Row, plan: Plan, result: Result) => Omit<SelectedOutcome, 'result'>,
): Promise<SelectedOutcome> {
  const outcome = await changes.apply<Row, Plan, SelectedOutcome, Evidence>({
    ...change,
    read: async (runner, locked) => sameCertificate(await change.read(runner, locked), selected),
    // What was gathered before is all there is: nothing is fetched inside the transaction.
    ...(change.gather === undefined ? {} : { gather: () => Promise.resolve(evidence) }),
    write: async (runner, row, plan) => {
      const result = await change.write(runner, row, plan);
      return result === undefined ? undefined : { result: 'changed', ...undo(row, plan, result) };
    },
  });
  return outcome.kind === 'written' ? outcome.result : { result: 'unchanged' };
}

/**
 * Undefined if the credential was deleted, also if it was created again under the same extId.
 *
 * @throws AppError if it has another certificate now, which nobody selected
 */
function sameCertificate<Row extends CertificateRow>(
  row: Row | undefined,
  { generation, sha256 }: SelectedCertificate,
): Row | undefined {
  if (row === undefined || row.generation !== generation) return undefined;
  if (row.sha256.equals(sha256)) return row;
  throw appError({
    code: 'errors.optimisticLockingFailure',
    message: 'The certificate was replaced after it had been selected.',
    currentVersion: row.version,
  });
}
