import { setTimeout as pause } from 'node:timers/promises';

import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { Clock } from '../../common/clock.js';
import { AppError } from '../../common/errors.js';
import { FairSlots } from '../../common/fair-slots.js';
import { LOGGER } from '../../common/logger.token.js';
import { OutgoingClient } from '../../outgoing/outgoing-client.js';
import { AnswerStore } from './answer-store.js';
import { type EvidenceSource, sourceName } from './evidence-source.js';
import { ReadEvidence } from './read-evidence.js';
import { FETCH_OUTCOMES, type FetchOutcome, readSourceAnswer, SourceFailure, sourceFailure } from './source-answer.js';
import type { ReadAnswers } from './stored-evidence.js';
import { StoredEvidence } from './stored-evidence.js';
import type { FailedSource } from './wanted-evidence.model.js';

const KIB = 1024;

/** 13.3. */
const ANSWER_MS = 3_000;
const MAX_ANSWER = { ocsp: 64 * KIB, crl: 10 * KIB * KIB } as const;

/** Each CRL takes up to 10 MiB of memory while it arrives. */
const CRL_SLOTS = { slots: 8, share: 2, reserved: 4, maxWaiting: 500, maxWaitingPerKey: 50, waitMs: 5_000 } as const;
const OCSP_SLOTS = {
  slots: 64,
  share: 8,
  reserved: 32,
  maxWaiting: 2_000,
  maxWaitingPerKey: 200,
  waitMs: 5_000,
} as const;

/** How often a server looks whether another one has finished. */
const LOOK_MS = 100;

export type Fetched = ReadAnswers | { readonly failed: FailedSource };

interface Flight {
  readonly clientExtId: string;
  readonly source: EvidenceSource;
  /** Whether an answer that is current is replaced. */
  readonly isRefresh: boolean;
}

const NOTHING: ReadAnswers = { crls: [], ocsp: [] };

/**
 * Asks the sources of certificates (contract 13.3). Of one source only one request is under way at a time: within this
 * server by a shared promise, among servers by a claim in the row. Several clients have several.
 */
@Injectable()
export class SourceFetches implements OnModuleDestroy {
  readonly queues = {
    crl: new FairSlots(CRL_SLOTS, 'fetches of CRLs'),
    ocsp: new FairSlots(OCSP_SLOTS, 'OCSP requests'),
  };

  /** Counted since the server started. */
  readonly outcomes = {
    crl: Object.fromEntries(FETCH_OUTCOMES.map((outcome) => [outcome, 0])) as Record<FetchOutcome, number>,
    ocsp: Object.fromEntries(FETCH_OUTCOMES.map((outcome) => [outcome, 0])) as Record<FetchOutcome, number>,
  };

  private readonly flights = new Map<string, Promise<Fetched>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly client: OutgoingClient,
    private readonly answers: AnswerStore,
    private readonly stored: StoredEvidence,
    private readonly evidence: ReadEvidence,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.flights.values());
  }

  /** Ends for this caller when the signal is aborted; the request goes on for others, and its answer is stored. */
  async fetch(clientExtId: string, source: EvidenceSource, signal: AbortSignal): Promise<Fetched> {
    const flight = this.join({ clientExtId, source, isRefresh: false });
    return await withinTime(flight, signal, failed(source, 'The source has not answered in time.'));
  }

  /** Replaces an answer before it ends. */
  async refresh(clientExtId: string, source: EvidenceSource): Promise<Fetched> {
    return await this.join({ clientExtId, source, isRefresh: true });
  }

  private join(flight: Flight): Promise<Fetched> {
    const name = `${flight.clientExtId} ${sourceName(flight.source)}`;
    const running = this.flights.get(name);
    if (running !== undefined) return running;
    const started = this.start(flight).finally(() => this.flights.delete(name));
    this.flights.set(name, started);
    // Everybody who waits may have left.
    started.catch((error: unknown) => {
      if (!this.ending.signal.aborted) this.logger.warn({ err: error }, 'a revocation answer could not be fetched');
    });
    return started;
  }

  private async start(flight: Flight): Promise<Fetched> {
    const { clientExtId, source } = flight;
    let release: () => void;
    try {
      release = await this.queues[source.source.kind].acquire(clientExtId, this.ending.signal);
    } catch {
      return failed(source, 'Too many sources are being asked for this client.');
    }
    try {
      return await this.askOnce(flight);
    } finally {
      release();
    }
  }

  /** If another server asks the source, this one waits for its answer. */
  private async askOnce({ clientExtId, source, isRefresh }: Flight): Promise<Fetched> {
    const deadline = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), this.ending.signal]);
    for (;;) {
      const now = this.clock.now();
      const claim = await this.answers.claim(clientExtId, source, { isRefresh, now });
      if (claim.kind === 'claimed') return await this.ask(clientExtId, source);
      if (claim.kind === 'failed') return failed(source, claim.detail);
      if (claim.kind === 'answered') return (await this.stored.answer(clientExtId, claim.answer)) ?? NOTHING;
      if (deadline.aborted) return failed(source, 'The source has not answered in time.');
      await pause(LOOK_MS, undefined, { signal: deadline }).catch(() => undefined);
    }
  }

  private async ask(clientExtId: string, source: EvidenceSource): Promise<Fetched> {
    const { kind } = source.source;
    try {
      const body = await this.send(clientExtId, source);
      const now = this.clock.now();
      const answer = await readSourceAnswer(clientExtId, source, body, { evidence: this.evidence, now });
      const isStored = await this.answers.store(clientExtId, source, answer, now);
      this.outcomes[kind][isStored ? 'stored' : 'kept'] += 1;
      return { crls: answer.crls, ocsp: answer.ocsp };
    } catch (error) {
      // Of this server or its database, not of the source.
      if (error instanceof AppError) throw error;
      const failure = sourceFailure(error);
      this.outcomes[kind][failure.outcome] += 1;
      if (this.ending.signal.aborted || failure.outcome === 'overloaded') {
        // It says nothing about the source.
        await this.answers.giveClaimBack(clientExtId, source);
      } else {
        await this.answers.noteFailure(clientExtId, source, failure.detail, this.clock.now());
      }
      return failed(source, failure.detail);
    }
  }

  private async send(clientExtId: string, { source: { kind, url }, request }: EvidenceSource): Promise<Buffer> {
    const asked =
      request === null
        ? { method: 'GET' as const, headers: { accept: 'application/pkix-crl' } }
        : {
            method: 'POST' as const,
            headers: { accept: 'application/ocsp-response', 'content-type': 'application/ocsp-request' },
            body: request,
          };
    if (!URL.canParse(url)) throw new SourceFailure('refused', 'The source has no valid URL.');
    const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), this.ending.signal]);
    const { status, body } = await this.client.send({
      ...asked,
      url: new URL(url),
      maximumBytes: MAX_ANSWER[kind],
      signal,
      destination: 'revocationSource',
      clientExtId,
    });
    if (status !== 200) throw new SourceFailure('status', `The source has answered with the status ${status}.`);
    return body;
  }
}

function failed({ source }: EvidenceSource, detail: string): { readonly failed: FailedSource } {
  return { failed: { source, detail } };
}

async function withinTime<T>(work: Promise<T>, signal: AbortSignal, late: T): Promise<T> {
  if (signal.aborted) return late;
  const { promise, resolve } = Promise.withResolvers<T>();
  const onAbort = (): void => resolve(late);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
