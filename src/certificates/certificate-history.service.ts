import { Injectable } from '@nestjs/common';

import type { TrailEventResource } from '../audit/event-resource.js';
import { type HistorySubject, TrailService } from '../audit/trail.service.js';
import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { type OwnerAccessRow, requireActiveOwner } from '../credentials/owner-access.js';
import { Database } from '../database/database.js';
import type { Page, PageRequest } from '../http/page.js';
import type { CertificatePath } from './certificate-path.js';
import type { CertificateRow } from './certificate-row.js';
import { READ_OWNER } from './certificate.queries.js';
import { pastRow } from './past-certificate.js';

/** Contract 10.2. The trail outlives the credential and its user, so neither need stand for a caller with rights. */
@Injectable()
export class CertificateHistoryService {
  constructor(
    private readonly database: Database,
    private readonly trail: TrailService,
  ) {}

  async list(caller: Caller, path: CertificatePath, page: PageRequest): Promise<Page<TrailEventResource>> {
    await this.requireOwner(caller, path);
    return await this.trail.history(subjectOf(caller, path), page);
  }

  async rowAt(caller: Caller, path: CertificatePath, moment: Date): Promise<CertificateRow> {
    await this.requireOwner(caller, path);
    const past = await this.trail.versionAt(subjectOf(caller, path), moment);
    if (past === undefined) throw noRecord();
    return pastRow(path, past);
  }

  private async requireOwner(caller: Caller, { clientExtId, userExtId }: CertificatePath): Promise<void> {
    if (caller.mode !== 'selfAdmin') return;
    const [owner] = await this.database.run<OwnerAccessRow>(READ_OWNER[caller.mode], [clientExtId, userExtId]);
    requireActiveOwner(caller, owner);
  }
}

function subjectOf({ mode }: Caller, { clientExtId, userExtId, extId }: CertificatePath): HistorySubject {
  return { clientExtId, kind: 'certificate', extId, userExtId, ofPresentUser: mode === 'selfAdmin' };
}
