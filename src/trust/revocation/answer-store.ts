import { Injectable } from '@nestjs/common';

import { Database } from '../../database/database.js';
import type { EvidenceSource, SourceKey } from './evidence-source.js';
import { RAISE_CHANGED_AT } from './revocation-evidence.queries.js';
import type { SourceAnswer } from './source-answer.js';
import { failedUntil, refreshAt } from './source-answer.rules.js';
import {
  CLAIM_REFRESH,
  CLAIM_SOURCE,
  DROP_ANSWERS,
  DROP_SOURCES,
  GIVE_CLAIM_BACK,
  KEEP_ANSWER,
  LOCK_ANSWERS,
  NOTE_FAILURE,
  READ_FAILURES,
  READ_SOURCE_STATE,
  SHARE_CLIENT,
  STORE_ANSWER,
} from './source-fetches.queries.js';
import type { StoredAnswer } from './stored-evidence.js';

export type Claim =
  | { readonly kind: 'claimed' }
  /** Another server asks it. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer };

/** Writes `revocation_answers`. No transaction here lasts as long as a fetch. */
@Injectable()
export class AnswerStore {
  constructor(private readonly database: Database) {}

  async claim(
    clientExtId: string,
    source: EvidenceSource,
    { isRefresh, now }: { readonly isRefresh: boolean; readonly now: Date },
  ): Promise<Claim> {
    const key = keyOf(clientExtId, source);
    const claimed = isRefresh
      ? (await CLAIM_REFRESH.first(this.database, { ...key, now })) !== undefined
      : await this.claimForCheck(clientExtId, source, now);
    if (claimed) return { kind: 'claimed' };
    const state = await READ_SOURCE_STATE.first(this.database, { ...key, now });
    if (state === undefined) return { kind: 'failed', detail: 'The client is being deleted.' };
    if (state.isFailed) return { kind: 'failed', detail: state.failure ?? 'The source has failed.' };
    if (state.isClaimed && !isRefresh) return { kind: 'busy' };
    return { kind: 'answered', answer: state };
  }

  /** False if the former answer is newer. */
  async store(
    clientExtId: string,
    source: EvidenceSource,
    { der, sha256, octets, thisUpdate, nextUpdate }: SourceAnswer,
    now: Date,
  ): Promise<boolean> {
    const key = keyOf(clientExtId, source);
    const next = refreshAt({ thisUpdate, nextUpdate }, source.sourceSha256, now);
    return await this.database.transaction(clientExtId, async (runner) => {
      await LOCK_ANSWERS.all(runner, { clientExtId });
      const answer = { ...key, der, sha256, octets, thisUpdate, nextUpdate, refreshAt: next };
      const stored = await STORE_ANSWER.first(runner, { ...answer, now });
      if (stored === undefined) {
        await KEEP_ANSWER.all(runner, { ...key, refreshAt: next, now });
        return false;
      }
      if (stored.changed) await RAISE_CHANGED_AT.all(runner, { clientExtId, now });
      await DROP_ANSWERS.all(runner, { clientExtId });
      return true;
    });
  }

  async noteFailure(clientExtId: string, source: EvidenceSource, failure: string, now: Date): Promise<void> {
    const key = keyOf(clientExtId, source);
    await this.database.transaction(clientExtId, async (runner) => {
      const row = await READ_FAILURES.first(runner, key);
      if (row === undefined) return;
      const failures = row.failures + 1;
      await NOTE_FAILURE.all(runner, { ...key, failures, failure, failedUntil: failedUntil(failures, now) });
    });
  }

  async giveClaimBack(clientExtId: string, source: SourceKey): Promise<void> {
    await GIVE_CLAIM_BACK.all(this.database, keyOf(clientExtId, source));
  }

  private async claimForCheck(clientExtId: string, source: EvidenceSource, now: Date): Promise<boolean> {
    const { issuerKeySha256, sourceSha256, request } = source;
    const { kind, url } = source.source;
    return await this.database.transaction(clientExtId, async (runner) => {
      if ((await SHARE_CLIENT.first(runner, { clientExtId })) === undefined) return false;
      await LOCK_ANSWERS.all(runner, { clientExtId });
      const row = { clientExtId, issuerKeySha256, sourceSha256, kind, url, request };
      const claimed = await CLAIM_SOURCE.first(runner, { ...row, now });
      if (claimed?.isNew === true) await DROP_SOURCES.all(runner, { clientExtId });
      return claimed !== undefined;
    });
  }
}

function keyOf(clientExtId: string, { issuerKeySha256, sourceSha256 }: SourceKey) {
  return { clientExtId, issuerKeySha256, sourceSha256 };
}
