import { Injectable } from '@nestjs/common';

import { GuardedChanges } from '../../audit/guarded-change.js';
import { VersionCheck } from '../../audit/version-check.js';
import { CertificateImportService, type ImportEvidence } from '../../certificates/certificate-import.service.js';
import type { Caller } from '../../common/actor.js';
import { AppError, type ErrorDetail } from '../../common/errors.js';
import { UserCreationService } from '../../users/user-creation.service.js';
import { UserUpdateService } from '../../users/user-update.service.js';
import { UsersService } from '../../users/users.service.js';
import type { OpenRow, RowOutcome } from '../job.model.js';
import type { Preparation, RowAction, RowContext, RowTransaction } from '../row-action.js';
import { bindLine, type ImportedCertificate, type ImportLine } from './import-line.js';
import { type LinePlan, planLine } from './import-line.rules.js';
import { keysOfLine } from './line-keys.js';

type Prepared =
  | { readonly kind: 'refused'; readonly errors: readonly ErrorDetail[] }
  | { readonly kind: 'line'; readonly line: ImportLine; readonly evidence: ImportEvidence };

type Planned = Extract<LinePlan, { kind: 'planned' }>;

/** One line of a file: a user, a certificate, or both, which are changed together or not at all. */
@Injectable()
export class ImportAction implements RowAction<Prepared> {
  readonly kinds = ['import'] as const;
  readonly transactionsAtOnce = 2;
  /** With 50, an eighth more lines a second, and requests of others take half as long again. */
  readonly rowsTogether = 16;

  constructor(
    private readonly users: UsersService,
    private readonly userCreation: UserCreationService,
    private readonly userUpdates: UserUpdateService,
    private readonly certificates: CertificateImportService,
    private readonly versions: VersionCheck,
  ) {}

  keysOf(row: OpenRow): readonly string[] {
    return keysOfLine(row);
  }

  async prepare({ job, row, caller }: RowContext, preparation: Preparation, dryRun = false): Promise<Prepared> {
    const bound = bindLine(row.line ?? {});
    if (!bound.ok) return { kind: 'refused', errors: bound.errors };
    const { line } = bound;
    const { certificate, userExtId } = line;
    if (certificate === undefined) return { kind: 'line', line, evidence: undefined };
    const path = { clientExtId: job.clientExtId, userExtId };
    const evidence = await this.certificates.gather(preparation, caller, path, certificate, dryRun);
    return { kind: 'line', line, evidence };
  }

  async apply({ job, caller }: RowContext, prepared: Prepared, transaction: RowTransaction): Promise<RowOutcome> {
    if (prepared.kind === 'refused') return { result: 'refused', errors: prepared.errors };
    const { clientExtId } = job;
    const { line, evidence } = prepared;
    const { userExtId, certificate: sent } = line;
    const user = await this.users.stored(transaction, { clientExtId, userExtId });
    const stored = sent && (await this.certificates.stored(transaction, caller, clientExtId, sent));
    const plan = planLine(plannedLine(line), user, stored);
    if (plan.kind === 'refused') return { result: 'refused', errors: plan.errors };
    const changes = new GuardedChanges(transaction, this.versions);
    const isUserChanged = await renamed('userExtId', async () => {
      return await this.changeUser(changes, caller, clientExtId, line, plan);
    });
    const isCertificateChanged = await renamed('certificateExtId', async () => {
      return await this.changeCertificate(changes, caller, { clientExtId, userExtId }, sent, plan, evidence);
    });
    return { result: isUserChanged || isCertificateChanged ? 'changed' : 'unchanged' };
  }

  private async changeUser(
    changes: GuardedChanges,
    caller: Caller,
    clientExtId: string,
    { userExtId, user = {} }: ImportLine,
    plan: Planned,
  ): Promise<boolean> {
    if (plan.user === 'none') return false;
    if (plan.user === 'create') {
      await this.userCreation.createWith(changes, caller, clientExtId, { ...user, extId: userExtId });
      return true;
    }
    const { isTechnicalUser: _, ...members } = user;
    return await this.userUpdates.updateWith(changes, caller, { clientExtId, userExtId }, members);
  }

  private async changeCertificate(
    changes: GuardedChanges,
    caller: Caller,
    path: { readonly clientExtId: string; readonly userExtId: string },
    sent: ImportedCertificate | undefined,
    { certificate: plan }: Planned,
    evidence: ImportEvidence,
  ): Promise<boolean> {
    if (plan === 'none') return false;
    const { certificate, ...members } = sent ?? {};
    if (plan !== 'create') {
      const { changed: extId, stateName } = plan;
      // The plan has refused a change to `archived`.
      const patch = { ...present({ certificate }), ...(stateName === 'archived' ? {} : present({ stateName })) };
      return await this.certificates.change(changes, caller, { ...path, extId }, patch, evidence);
    }
    if (certificate === undefined) throw new Error('A plan to create has a certificate.');
    await this.certificates.create(changes, caller, path, { certificate, ...present(members) }, evidence);
    return true;
  }
}

function plannedLine({ userExtId, user, certificate }: ImportLine) {
  return { userExtId, user, certificate: certificate && { ...certificate, sha256: certificate.certificate?.sha256 } };
}

/** Without members that are undefined, which a body would not have. */
function present<Members extends object>(members: Members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}

/** A single change names an extId that the line has under this name. */
async function renamed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw error.withDetails((detail) => (detail.field === 'extId' ? { ...detail, field: name } : detail));
  }
}
