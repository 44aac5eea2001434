import { Injectable } from '@nestjs/common';

import { AuditLogService, type HistorySubject } from '../audit/audit-log.service.js';
import type { AuditEventResource } from '../audit/event-resource.js';
import type { Caller } from '../common/actor.js';
import type { Page, PageRequest } from '../common/page.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import { requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import type { CertificatePath } from './certificate-path.js';
import { READ_OWNER } from './certificate.queries.js';
import { pastRow } from './past-certificate.js';

/**
 * Contract 10.2. The audit log is kept after the credential and its user are deleted, and callers with rights can still
 * read it.
 */
@Injectable()
export class CertificateHistoryService {
  constructor(
    private readonly database: Database,
    private readonly auditLog: AuditLogService,
  ) {}

  async list(caller: Caller, path: CertificatePath, page: PageRequest): Promise<Page<AuditEventResource>> {
    await this.requireOwner(caller, path);
    return await this.auditLog.history(subjectOf(caller, path), page);
  }

  async rowAt(caller: Caller, path: CertificatePath, instant: Date): Promise<CertificateRow> {
    await this.requireOwner(caller, path);
    return pastRow(path, await this.auditLog.versionAt(subjectOf(caller, path), instant));
  }

  private async requireOwner(caller: Caller, { clientExtId, userExtId }: CertificatePath): Promise<void> {
    if (caller.mode !== 'selfAdmin') return;
    requireActiveOwner(caller, await READ_OWNER[caller.mode].first(this.database, { clientExtId, userExtId }));
  }
}

function subjectOf({ mode }: Caller, { clientExtId, userExtId, extId }: CertificatePath): HistorySubject {
  return { clientExtId, kind: 'certificate', extId, userExtId, ofPresentUser: mode === 'selfAdmin' };
}
