import { Injectable } from '@nestjs/common';

import type { Caller } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { AppError } from '../../common/errors.js';
import { LongRequestTurns } from '../../common/long-request-turns.js';
import { constraintDetail } from '../../database/database-error.js';
import { Database } from '../../database/database.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import { PoliciesService } from '../../policies/policies.service.js';
import { RevocationEvidenceService } from '../../trust/revocation/revocation-evidence.service.js';
import type { TrustSet } from '../../trust/trust-set.model.js';
import { TrustService } from '../../trust/trust.service.js';
import { CertificateEvaluator } from '../evaluation/certificate-evaluator.js';
import { SimulationBatches } from './simulation-batches.js';
import type { SimulatedPolicy } from './simulation-batches.js';
import { type SimulatedChange, SimulationCounts, type SimulationSummary } from './simulation.rules.js';

/** Of the policy that is simulated. */
export interface SimulatedPath {
  readonly clientExtId: string;
  readonly extId: string;
}

/** Gives what changes, batch by batch, and at the end the summary. Changes nothing. */
export type Simulation = AsyncGenerator<readonly SimulatedChange[], SimulationSummary>;

/** E2 (contract 14.5). */
@Injectable()
export class SimulationService {
  constructor(
    private readonly policies: PoliciesService,
    private readonly trust: TrustService,
    private readonly evidence: RevocationEvidenceService,
    private readonly evaluator: CertificateEvaluator,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly turns: LongRequestTurns,
  ) {}

  /**
   * Checks everything first, so that a refusal is an answer of its own. The simulation begins with its first batch, which
   * waits for a turn; whoever has begun it must run it to its end, or end it.
   *
   * @throws AppError as P3 would for these parameters
   */
  async begin(caller: Caller, path: SimulatedPath, parameters: Readonly<Record<string, string>>): Promise<Simulation> {
    const { clientExtId, extId } = path;
    const { present, changed } = await this.policies.withParameters(path, parameters);
    const policies = [
      { policy: present, set: await this.setOf(clientExtId, present, () => undefined) },
      {
        policy: changed,
        set: await this.setOf(clientExtId, changed, () => {
          throw new AppError([constraintDetail('policies_trust_set_fk')]);
        }),
      },
    ];
    return this.run({ caller, clientExtId, policyExtId: extId, policies });
  }

  private async *run({ caller, clientExtId, policyExtId, policies }: Begun): Simulation {
    const { signal, now } = caller;
    const release = await this.turns.simulations.acquire(clientExtId, signal);
    try {
      const counts = new SimulationCounts();
      const batches = new SimulationBatches(
        { clientExtId, policyExtId, policies, time: now },
        { database: this.database, evidence: this.evidence, evaluator: this.evaluator },
      );
      for await (const { evaluated, changes } of batches.all(signal)) {
        counts.add(evaluated, changes);
        yield changes;
      }
      return counts.summary((this.clock.now().getTime() - now.getTime()) / 1000);
    } finally {
      release();
    }
  }

  private async setOf(
    clientExtId: string,
    { trustAnchors }: CertificatePolicy,
    missing: () => undefined,
  ): Promise<TrustSet | undefined> {
    if (trustAnchors === undefined) return undefined;
    const found = await this.trust.setByExtId(clientExtId, trustAnchors);
    return found === 'missing' ? missing() : found;
  }
}

interface Begun {
  readonly caller: Caller;
  readonly clientExtId: string;
  readonly policyExtId: string;
  readonly policies: readonly SimulatedPolicy[];
}
