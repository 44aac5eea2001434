import { Injectable } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { RevocationEvidenceService } from '../trust/revocation/revocation-evidence.service.js';
import type { FailedSource, RevocationEvidence, WantedEvidence } from '../trust/revocation/wanted-evidence.model.js';
import type { PolicyOfSet } from '../trust/trust-set.model.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import type { ProvenPath } from '../x509/path/path-result.js';
import { REVOCATION_SOURCE_KINDS } from '../x509/revocation/revocation-source.js';
import { sourcesOf } from '../x509/revocation/sources-of.js';
import type { EvidenceAllowance } from './evidence-allowance.js';
import { PathTurns } from './path-turns.js';
import { isRefused } from './revocation-check.rules.js';
import type { CheckedRevocation } from './revocation-evidence.js';
import { findAcceptedPath, findOtherPath, type RevocationSearch, statusesOf } from './revocation-paths.rules.js';

/** About a path that is proven. */
export interface RevocationQuestion extends Omit<RevocationSearch, 'evidence'> {
  readonly clientExtId: string;
  /** And the set that it names. */
  readonly policy: PolicyOfSet;
  readonly result: ProvenPath;
}

/** A proven path, and what is known about the revocation of its certificates. */
export interface CheckedPath {
  readonly result: ProvenPath;
  readonly revocation: CheckedRevocation;
}

/** Gathers evidence about revocation. Never called inside a transaction: a source may take seconds. */
@Injectable()
export class RevocationGathering {
  constructor(
    private readonly evidence: RevocationEvidenceService,
    private readonly turns: PathTurns,
    private readonly clock: Clock,
  ) {}

  /** The path of the question, or another one that is not refused. */
  async check(question: RevocationQuestion, allowance: EvidenceAllowance): Promise<CheckedPath> {
    return await new Gathering(question, allowance, this.evidence, this.turns, this.clock).run();
  }
}

const isOpen = (checked: CheckedRevocation, asked: DerCertificate): boolean =>
  checked.some(
    ({ certificate, status }) => certificate === asked && status.status === 'unknown' && status.code !== 'budget',
  );

class Gathering {
  private evidence: Pick<RevocationEvidence, 'crls' | 'ocsp'> = { crls: [], ocsp: [] };
  private failures: readonly (FailedSource & Pick<WantedEvidence, 'certificate'>)[] = [];
  private time: Date;

  constructor(
    private readonly question: RevocationQuestion,
    private readonly allowance: EvidenceAllowance,
    private readonly service: RevocationEvidenceService,
    private readonly turns: PathTurns,
    private readonly clock: Clock,
  ) {
    this.time = question.time;
  }

  async run(): Promise<CheckedPath> {
    const first = await this.askAbout(this.question.result);
    if (!this.isRefused(first)) return first;
    const other = await this.inTurn((search) => findOtherPath(search, first.result.path));
    if (other === undefined) return first;
    const second = await this.askAbout(other);
    if (!this.isRefused(second)) return second;
    // What was learnt about the second path may clear a third one.
    const accepted = await this.inTurn(findAcceptedPath);
    return accepted === undefined ? first : await this.evaluate(accepted);
  }

  private isRefused({ revocation }: CheckedPath): boolean {
    return revocation.some(({ status }) => isRefused(this.question.mode, status));
  }

  /** What is stored, then the responders, then the CRLs: each only about certificates that are still unknown. */
  private async askAbout(result: ProvenPath): Promise<CheckedPath> {
    const { clientExtId, policy } = this.question;
    const wanted = wantedFor(result);
    this.add(await this.service.storedForPolicy(clientExtId, policy, wanted, this.time), wanted);
    let checked = await this.evaluate(result);
    for (const kind of REVOCATION_SOURCE_KINDS) {
      const asked = wanted.filter(
        ({ source, certificate }) => source.kind === kind && isOpen(checked.revocation, certificate),
      );
      if (asked.length === 0) continue;
      await this.fetch(asked);
      checked = await this.evaluate(result);
    }
    return checked;
  }

  private async fetch(asked: readonly WantedEvidence[]): Promise<void> {
    const signal = this.allowance.begin();
    if (signal === undefined) {
      const detail = this.allowance.note ?? '';
      this.add({ crls: [], ocsp: [], failed: asked.map(({ source }) => ({ source, detail })) }, asked);
      return;
    }
    const fetched = await this.service.fetch(this.question.clientExtId, asked, { now: this.clock.now(), signal });
    this.allowance.callerSignal?.throwIfAborted();
    this.add(fetched, asked);
    this.time = this.clock.now();
  }

  private add({ crls, ocsp, failed }: RevocationEvidence, asked: readonly WantedEvidence[]): void {
    this.evidence = { crls: [...this.evidence.crls, ...crls], ocsp: [...this.evidence.ocsp, ...ocsp] };
    const failures = asked.flatMap(({ source: { kind, url }, certificate }) =>
      failed
        .filter(({ source }) => source.kind === kind && source.url === url)
        .map((failure) => ({ ...failure, certificate })),
    );
    this.failures = [...this.failures, ...failures];
  }

  private async evaluate(result: ProvenPath): Promise<CheckedPath> {
    const statuses = await this.inTurn((search) => statusesOf(search, result.path));
    const revocation = statuses.map(({ certificate, status }) => ({
      certificate,
      status,
      failed: this.failures.filter((failure) => failure.certificate === certificate),
    }));
    return { result, revocation };
  }

  private async inTurn<Result>(work: (search: RevocationSearch) => Result): Promise<Result> {
    const { question, evidence, time } = this;
    return await this.turns.run(question.clientExtId, this.allowance.callerSignal, () =>
      work({ ...question, evidence, time }),
    );
  }
}

function wantedFor({ path }: ProvenPath): readonly WantedEvidence[] {
  return path.flatMap((certificate, index) => {
    const issuer = path[index + 1];
    return issuer === undefined ? [] : sourcesOf(certificate).map((source) => ({ source, certificate, issuer }));
  });
}
