import { Injectable } from '@nestjs/common';

import type { SelectedAction, SelectedCertificate } from '../certificates/selection/selected-certificate.model.js';
import { SelectedChangesService } from '../certificates/selection/selected-changes.service.js';
import {
  BULK_ACTIONS,
  type BulkAction,
  type JobKind,
  type JobParameters,
  type OpenRow,
  type RowOutcome,
} from './job.model.js';
import type { Preparation, RowAction, RowContext, RowTransaction } from './row-action.js';

type Evidence = Awaited<ReturnType<SelectedChangesService['gather']>>;

/** The rows of the jobs that change selected certificates, and of their undo (contract 17.1, 17.3). */
@Injectable()
export class SelectedRowAction implements RowAction<Evidence> {
  readonly kinds: readonly JobKind[] = [...BULK_ACTIONS, 'undo'];
  /** So that the requests of other clients have the database for themselves. */
  readonly transactionsAtOnce = 1;
  readonly rowsTogether = 1;

  constructor(private readonly changes: SelectedChangesService) {}

  async prepare({ job, row, caller }: RowContext, { reader }: Preparation): Promise<Evidence> {
    const action = actionOfRow(job.kind, job.parameters, row);
    return await this.changes.gather(reader, caller, job.clientExtId, selectedOf(row), action);
  }

  async apply({ job, row, caller }: RowContext, evidence: Evidence, transaction: RowTransaction): Promise<RowOutcome> {
    const action = actionOfRow(job.kind, job.parameters, row);
    return await this.changes.apply(transaction, caller, job.clientExtId, selectedOf(row), action, evidence);
  }
}

export interface BulkParameters {
  readonly policyExtId?: string | undefined;
  readonly modificationComment?: string | undefined;
}

/** What is done with each certificate. `policyExtId` is there for a move. */
export function selectedAction(
  kind: BulkAction,
  { policyExtId = '', modificationComment }: BulkParameters,
): SelectedAction {
  switch (kind) {
    case 'delete':
      return { kind };
    case 'move':
      return { kind, policyExtId, modificationComment };
    default:
      return { kind, modificationComment };
  }
}

function actionOfRow(kind: JobKind, parameters: JobParameters, { before, versionAfter }: OpenRow): SelectedAction {
  if (kind !== 'undo') return selectedAction(kind as BulkAction, parameters as BulkParameters);
  if (before === null || versionAfter === null) throw new Error('A row to undo does not say what to bring back.');
  return { kind: 'restore', before, versionAfter };
}

function selectedOf({ userExtId, extId, generation, sha256 }: OpenRow): SelectedCertificate {
  if (userExtId === null || extId === null || generation === null || sha256 === null) {
    throw new Error('A row names no certificate.');
  }
  return { userExtId, extId, generation, sha256 };
}
