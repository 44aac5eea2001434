import { Inject, Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../../audit/guarded-change.js';
import type { Caller } from '../../common/actor.js';
import { AppError, type ErrorDetail } from '../../common/errors.js';
import { LongRequestTurns } from '../../common/long-request-turns.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import { Database } from '../../database/database.js';
import { certificateResource, type CertificateResource } from '../certificate-resource.js';
import type { EvaluatedCertificate } from '../certificate-row.js';
import { CertificateSearchService } from '../finding/certificate-search.service.js';
import { READ_CERTIFICATES_UNDER_POLICY } from './policy-change.queries.js';
import { rowUnderPolicy } from './policy-changes.js';
import type { SelectedAction } from './selected-certificate.model.js';
import { SelectedChangesService } from './selected-changes.service.js';
import { type Selection, SelectionService } from './selection.service.js';

/** Certificates and refusals that are shown. */
const MAX_SHOWN = 100;

/** Certificates that are evaluated before others have their turn: some milliseconds. */
const BATCH = 25;

interface RefusedRow {
  readonly userExtId: string;
  readonly extId: string;
  readonly errors: readonly ErrorDetail[];
}

/** What an action would do (contract 17.1). */
export interface SelectionPreview {
  readonly count: number;
  readonly unchanged: number;
  readonly certificates: readonly CertificateResource[];
  readonly refused: { readonly count: number; readonly first: readonly RefusedRow[] };
}

/** The dry run of an action: every selected certificate is evaluated by the same functions, and nothing is written. */
@Injectable()
export class SelectionPreviewService {
  constructor(
    private readonly database: Database,
    private readonly selections: SelectionService,
    private readonly changes: SelectedChangesService,
    private readonly searches: CertificateSearchService,
    private readonly turns: LongRequestTurns,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async preview(
    caller: Caller,
    clientExtId: string,
    selection: Selection,
    action: SelectedAction,
  ): Promise<SelectionPreview> {
    return await this.turns.dryRuns.run(clientExtId, caller.signal, async () => {
      const certificates: CertificateResource[] = [];
      const first: RefusedRow[] = [];
      let count = 0;
      let unchanged = 0;
      let refused = 0;
      for await (const { total, row } of this.rows(caller, clientExtId, selection, action)) {
        count = total;
        if (certificates.length < MAX_SHOWN) {
          certificates.push(certificateResource(row, caller.now, this.settings.fingerprintAlgorithm));
        }
        const decision = await this.decide(caller, clientExtId, row, action);
        if (decision === 'unchanged') unchanged += 1;
        if (typeof decision === 'string') continue;
        refused += 1;
        const { userExtId, extId } = row;
        if (first.length < MAX_SHOWN) first.push({ userExtId, extId, errors: decision });
      }
      if (count === 0) await this.searches.requireClient(clientExtId);
      return { count, unchanged, certificates, refused: { count: refused, first } };
    });
  }

  /** The selected certificates in the order of a job, each with the number of all. */
  private async *rows(caller: Caller, clientExtId: string, selection: Selection, action: SelectedAction) {
    for await (const { total, extIds } of this.selections.pages(caller, clientExtId, selection)) {
      for (let start = 0; start < extIds.length; start += BATCH) {
        caller.signal?.throwIfAborted();
        const batch = await this.read(clientExtId, extIds.slice(start, start + BATCH), action);
        for (const row of batch) yield { total, row };
      }
    }
  }

  /** In the order of the ids; those that have been deleted meanwhile are left out. */
  private async read(
    clientExtId: string,
    extIds: readonly string[],
    action: SelectedAction,
  ): Promise<readonly EvaluatedCertificate[]> {
    const chosenPolicyExtId = action.kind === 'move' ? action.policyExtId : null;
    const found = await READ_CERTIFICATES_UNDER_POLICY.all(this.database, { clientExtId, extIds, chosenPolicyExtId });
    const rows = new Map(found.map((row) => [row.extId, row]));
    return extIds.flatMap((extId) => {
      const row = rows.get(extId);
      return row === undefined ? [] : [row as EvaluatedCertificate];
    });
  }

  private async decide(
    caller: Caller,
    clientExtId: string,
    row: EvaluatedCertificate,
    action: SelectedAction,
  ): Promise<'changed' | 'unchanged' | readonly ErrorDetail[]> {
    const { userExtId, extId } = row;
    const selected = this.changes.changeOf(caller, { clientExtId, userExtId, extId }, action, true);
    const decide = async () => {
      switch (selected.kind) {
        case 'update':
          return selected.change.decide(row, await selected.change.gather?.(row));
        case 'policy': {
          const moved = rowUnderPolicy(row, action.kind === 'move' ? action.policyExtId : row.policyExtId);
          return selected.change.decide(moved, await selected.change.gather?.(moved));
        }
        default:
          return selected.change.decide(row, undefined);
      }
    };
    try {
      const decision = await decide();
      if (decision.kind === 'evidenceMissing') return evidenceUnavailable().details;
      return decision.kind === 'refused' ? decision.errors : decision.kind;
    } catch (error) {
      if (error instanceof AppError) return error.details;
      throw error;
    }
  }
}
