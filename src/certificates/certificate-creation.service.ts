import { Inject, Injectable } from '@nestjs/common';

import { GuardedChanges } from '../audit/guarded-change.js';
import { refuseAdministeredMembers } from '../auth/access.rules.js';
import { callerWithRights } from '../auth/require-rights.js';
import type { Caller } from '../common/actor.js';
import { type Settings, SETTINGS } from '../config/settings.js';
import { locksOfCreation } from '../credentials/credential-locks.js';
import { LOCK_COUNT } from '../credentials/credential.queries.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { newCredential, requirePolicy } from '../credentials/new-credential.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import type { StatementRunner } from '../database/database.js';
import { findTakenWith } from '../database/taken.js';
import { PoliciesService } from '../policies/policies.service.js';
import { decideCreate } from './certificate-creation.rules.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import type { CertificatesPath } from './certificate-path.js';
import { certificateResource } from './certificate-resource.js';
import { type OwnerAndPolicyRow, ownerOf } from './certificate-row.js';
import { certificateColumns, storeNew } from './certificate-store.js';
import type { CreateCertificateDto } from './certificate.dto.js';
import { FIND_TAKEN, READ_OWNER_AND_POLICY } from './certificate.queries.js';
import { type EvaluatedCertificateResource, withOutcomes } from './policy-outcome.js';

type CreationContext = OwnerAndPolicyRow & { readonly count: number };

/** X2. */
@Injectable()
export class CertificateCreationService {
  constructor(
    private readonly changes: GuardedChanges,
    private readonly policies: PoliciesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async create(
    authenticated: Caller,
    path: CertificatesPath,
    sent: CreateCertificateDto,
    dryRun: boolean,
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
    const outcome = await this.changes.apply<CreationContext, Changed<CertificateColumns>, CertificateRow>({
      caller,
      clientExtId,
      expected: undefined,
      dryRun,
      read: async (runner) => await readCreationContext(runner, caller, path, sent),
      decide: (row: CreationContext) => this.decide(caller, row, sent, maxCount),
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

  private decide({ mode, now }: Caller, row: CreationContext, sent: CreateCertificateDto, maxCount: number) {
    return decideCreate({
      mode,
      owner: ownerOf(row),
      policy: this.policies.certificatePolicy(row.policyParameters),
      now,
      certificate: sent.certificate,
      stateName: sent.stateName,
      count: row.count,
      maxCount,
    });
  }
}

async function readCreationContext(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId, userExtId }: CertificatesPath,
  { policyExtId }: CreateCertificateDto,
): Promise<CreationContext | undefined> {
  const parameters = { clientExtId, userExtId, chosenPolicyExtId: policyExtId ?? null };
  const row = await READ_OWNER_AND_POLICY[caller.mode].first(runner, parameters);
  requireActiveOwner(caller, row);
  return requirePolicy(row, 'CertificatePolicy');
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
