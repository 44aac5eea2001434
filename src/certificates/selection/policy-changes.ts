import { Injectable } from '@nestjs/common';

import { auditEvent } from '../../audit/change-with-audit-event.js';
import type { GuardedChange } from '../../audit/guarded-change.js';
import type { Caller } from '../../common/actor.js';
import { appError, type ErrorDetail } from '../../common/errors.js';
import { locksOfCreation, locksOfCredential } from '../../credentials/credential-locks.js';
import type { StateChangeReason } from '../../credentials/credential-state.rules.js';
import { allowsLogins } from '../../credentials/login.rules.js';
import type { StatementRunner } from '../../database/database.js';
import type { Written } from '../../database/versioned.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { denialOfChange } from '../certificate-denial.rules.js';
import type { CertificatePath } from '../certificate-path.js';
import { type EvaluatedCertificate, ownerOf } from '../certificate-row.js';
import { certificateEvent } from '../certificate-store.js';
import { CertificateTrust, type GatheredTrust } from '../certificate-trust.service.js';
import type { EvidenceAllowance } from '../evidence-allowance.js';
import { restoredColumns } from './before-change.js';
import { decideMove } from './certificate-move.rules.js';
import { decideRestore } from './certificate-restore.rules.js';
import { CHANGE_POLICY, READ_CERTIFICATES_UNDER_POLICY } from './policy-change.queries.js';
import type { PolicyChange, PolicyDecision } from './policy-decision.js';
import type { BeforeChange } from './selected-certificate.model.js';

/** `policyExtId` and the other columns of the policy are those of the one that the credential is to have. */
export type RowUnderPolicy = EvaluatedCertificate & { readonly formerPolicyExtId: string };

export type ChangeOfPolicy = GuardedChange<RowUnderPolicy, PolicyChange, Written, GatheredTrust>;

interface Move {
  readonly policyExtId: string;
  readonly modificationComment: string | undefined;
  readonly changeReason: StateChangeReason;
}

const NO_COUNTERS = { failures: 0, failuresSinceLock: 0, successes: 0 } as const;

/** Changes after which a credential may have another policy (contract 17.1, 17.3). */
@Injectable()
export class PolicyChanges {
  constructor(private readonly trust: CertificateTrust) {}

  move(caller: Caller, path: CertificatePath, allowance: EvidenceAllowance, move: Move): ChangeOfPolicy {
    const { mode, now } = caller;
    const { policyExtId, modificationComment, changeReason } = move;
    const evaluated = (row: RowUnderPolicy) => ({ certificate: storedCertificate(row), row, now, allowance });
    return {
      ...this.common(caller, path, policyExtId, NO_COUNTERS),
      expected: undefined,
      gather: async (row) => await this.trust.gather(path.clientExtId, evaluated(row)),
      decide: (row, gathered) => {
        const { certificate } = evaluated(row);
        const trust = this.trust.evaluate(path.clientExtId, { certificate, row }, gathered);
        if (trust === undefined) return { kind: 'evidenceMissing' };
        const isUnderPolicy = row.formerPolicyExtId === policyExtId;
        const context = { mode, owner: ownerOf(row), now, credential: row, certificate, ...trust };
        return decideMove({ ...context, isUnderPolicy, modificationComment, changeReason });
      },
    };
  }

  /** Only of the version that the change has made. */
  restore(
    caller: Caller,
    path: CertificatePath,
    allowance: EvidenceAllowance,
    { before, versionAfter }: { readonly before: BeforeChange; readonly versionAfter: number },
  ): ChangeOfPolicy {
    const { mode, now } = caller;
    const { columns, counters } = restoredColumns(before);
    const { policyExtId, ...restored } = columns;
    const evaluated = (row: RowUnderPolicy) => ({
      certificate: allowsLogins(restored.state) ? storedCertificate(row) : undefined,
      isStored: true,
      row,
      now,
      allowance,
    });
    return {
      ...this.common(caller, path, policyExtId, counters),
      expected: { ifMatch: undefined, version: versionAfter },
      gather: async (row) => await this.trust.gather(path.clientExtId, evaluated(row)),
      decide: (row, gathered): PolicyDecision | { readonly kind: 'evidenceMissing' } => {
        const trust = this.trust.evaluate(path.clientExtId, evaluated(row), gathered);
        if (trust === undefined) return { kind: 'evidenceMissing' };
        const isUnderPolicy = row.formerPolicyExtId === policyExtId;
        return decideRestore({ mode, owner: ownerOf(row), now, credential: row, restored, isUnderPolicy, ...trust });
      },
    };
  }

  private common(caller: Caller, path: CertificatePath, policyExtId: string, counters: Counters) {
    const { clientExtId, extId } = path;
    return {
      caller,
      clientExtId,
      locks: {
        ...locksOfCreation(path, 'CertificatePolicy', policyExtId),
        ...locksOfCredential(path, () => extId),
      },
      read: async (runner: StatementRunner) => await readUnderPolicy(runner, path, policyExtId),
      write: async (runner: StatementRunner, row: RowUnderPolicy, change: PolicyChange) =>
        await store(runner, caller, path, row, { change, policyExtId, counters }),
    };
  }
}

interface Counters {
  readonly failures: number;
  readonly failuresSinceLock: number;
  readonly successes: number;
}

/** Undefined if there is no such certificate. */
async function readUnderPolicy(
  runner: StatementRunner,
  { clientExtId, userExtId, extId }: CertificatePath,
  policyExtId: string,
): Promise<RowUnderPolicy | undefined> {
  const parameters = { clientExtId, extIds: [extId], chosenPolicyExtId: policyExtId };
  const row = await READ_CERTIFICATES_UNDER_POLICY.first(runner, parameters);
  return row === undefined || row.userExtId !== userExtId ? undefined : rowUnderPolicy(row, policyExtId);
}

type ReadRow = Awaited<ReturnType<typeof READ_CERTIFICATES_UNDER_POLICY.all>>[number];

/** @throws AppError if the client has no such policy */
export function rowUnderPolicy(row: ReadRow, policyExtId: string): RowUnderPolicy {
  if (row.policyParameters === null) throw appError(noSuchPolicy(policyExtId));
  return { ...row, formerPolicyExtId: row.policyExtId, policyExtId };
}

export function noSuchPolicy(policyExtId: string): ErrorDetail {
  const message = `The client has no CertificatePolicy with the extId ${policyExtId}.`;
  return { code: 'errors.invalidData', message, field: 'policyExtId' };
}

/** Whatever is stored was read before. */
function storedCertificate({ der }: RowUnderPolicy) {
  const stored = readCertificate(der);
  if (!stored.ok) throw new Error('A stored certificate cannot be read.');
  return stored.certificate;
}

interface Stored {
  readonly change: PolicyChange;
  readonly policyExtId: string;
  readonly counters: Counters;
}

/** Undefined if a row on which the decision was based has changed. */
async function store(
  runner: StatementRunner,
  caller: Caller,
  { clientExtId }: CertificatePath,
  evaluated: RowUnderPolicy,
  { change, policyExtId, counters }: Stored,
): Promise<Written | undefined> {
  const { now } = caller;
  const before = { ...evaluated, policyExtId: evaluated.formerPolicyExtId };
  const next = { ...evaluated, ...change.next, policyExtId };
  const event = auditEvent(caller, certificateEvent({ before, row: next, changed: change.changed, now }));
  const denied = denialOfChange(before, next);
  return await CHANGE_POLICY.first(runner, { clientExtId, evaluated, next, counters, now, event, denied });
}
