import { Inject, Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import { refuseAdministeredMembers } from '../auth/access.rules.js';
import { callerWithRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { locksOfCreation } from '../credentials/credential-locks.js';
import { LOCK_COUNT } from '../credentials/credential.queries.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { newCredential } from '../credentials/new-credential.js';
import { findTakenWith } from '../database/taken.js';
import { decideCreate } from './certificate-creation.rules.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import type { CertificatesPath } from './certificate-path.js';
import { certificateResource } from './certificate-resource.js';
import { ownerOf } from './certificate-row.js';
import { certificateColumns, storeNew } from './certificate-store.js';
import { CertificateTrust, type GatheredTrust } from './certificate-trust.service.js';
import type { CreateCertificateDto } from './certificate.dto.js';
import { FIND_TAKEN } from './certificate.queries.js';
import { type CreationContext, readCreationContext } from './creation-context.js';
import { EvidenceAllowances } from './evidence-allowance.js';
import { type EvaluatedCertificateResource, withOutcomes } from './policy-outcome.js';

type Plan = Changed<CertificateColumns>;

/** X2. */
@Injectable()
export class CertificateCreationService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly trust: CertificateTrust,
    private readonly allowances: EvidenceAllowances,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async create(
    caller: Caller,
    path: CertificatesPath,
    sent: CreateCertificateDto,
    dryRun: boolean,
  ): Promise<EvaluatedCertificateResource> {
    const { certificate } = sent;
    const allowance = this.allowances.forChange(caller, dryRun);
    return await this.createWith(this.changes, caller, path, { sent, dryRun }, async (row, { now }) => {
      return await this.trust.gather(path.clientExtId, { certificate, row, now, allowance });
    });
  }

  /** Likewise, as a part of other changes, with evidence that has been gathered before them. */
  async createWith(
    guarded: GuardedChanges,
    authenticated: Caller,
    path: CertificatesPath,
    { sent, dryRun }: { readonly sent: CreateCertificateDto; readonly dryRun: boolean },
    gather: (row: CreationContext, caller: Caller) => Promise<GatheredTrust>,
  ): Promise<EvaluatedCertificateResource> {
    const caller = await permittedCaller(authenticated, path, sent);
    refuseAdministeredMembers(caller, sent, ['policyExtId']);
    const { clientExtId, userExtId } = path;
    const { certificate } = sent;
    const { maxCredentialsPerUser: maxCount, fingerprintAlgorithm } = this.settings;
    const created = { ...newCredential(userExtId, caller.now, sent.extId), ...certificateColumns(certificate) };
    const newRow = ({ policyExtId }: CreationContext, columns: CertificateColumns): CertificateRow => ({
      ...created,
      ...columns,
      policyExtId,
    });
    const taken = { clientExtId, newExtId: created.extId, sha256: certificate.sha256, changedExtId: null };
    const outcome = await guarded.apply<CreationContext, Plan, CertificateRow, GatheredTrust>({
      caller,
      clientExtId,
      expected: undefined,
      dryRun,
      read: async (runner) => await readCreationContext(runner, caller, path, sent.policyExtId),
      gather: async (row) => await gather(row, caller),
      decide: (row, gathered) => {
        const trust = this.trust.evaluate(clientExtId, { certificate, row }, gathered);
        if (trust === undefined) return { kind: 'evidenceMissing' };
        const fingerprints = dryRun ? fingerprintAlgorithm : undefined;
        return decideCreate({ ...contextOf(caller, row, sent), ...trust, maxCount, fingerprints });
      },
      locks: {
        ...locksOfCreation(path, 'CertificatePolicy', sent.policyExtId),
        // There is no credential to lock yet. Instead the count is locked, also after every other lock.
        credential: async (runner) => await LOCK_COUNT.all(runner, { clientExtId, userExtId }),
      },
      write: async (runner, row, { changes, changed }) =>
        await storeNew(runner, caller, clientExtId, row, { row: newRow(row, changes), certificate, changed, maxCount }),
      findTaken: findTakenWith(FIND_TAKEN, taken),
    });
    if (outcome.kind === 'written') return certificateResource(outcome.result, caller.now, fingerprintAlgorithm);
    if (outcome.kind === 'unchanged') throw new Error('A creation always changes something.');
    const { changes, outcomes } = outcome.plan;
    return withOutcomes(certificateResource(newRow(outcome.row, changes), caller.now, fingerprintAlgorithm), outcomes);
  }
}

function contextOf({ mode, now }: Caller, row: CreationContext, { certificate, stateName }: CreateCertificateDto) {
  return { mode, owner: ownerOf(row), now, certificate, stateName, count: row.count };
}

/** X2: to choose the state of a new credential, the caller needs the right to change states, or must be its owner. */
async function permittedCaller(
  caller: Caller,
  { clientExtId }: CertificatesPath,
  { stateName }: CreateCertificateDto,
): Promise<Caller> {
  if (caller.mode === 'selfAdmin' || stateName === undefined) return caller;
  return await callerWithRights(caller, clientExtId, ['CredentialChangeState']);
}
