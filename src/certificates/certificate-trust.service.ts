import { setImmediate } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../audit/guarded-change.js';
import { FairSlots } from '../common/fair-slots.js';
import type { PolicyRow } from '../credentials/owner-access.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import { PoliciesService } from '../policies/policies.service.js';
import { isSamePolicy, type PolicyVersion } from '../trust/trust-set.model.js';
import { TrustService } from '../trust/trust.service.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { searchPath, type SearchedPath, withIntermediates } from './trust-anchors.rules.js';

type EvaluatedPolicy = PolicyRow & { readonly policyExtId: string };

interface Evaluated {
  /** Undefined if no certificate is evaluated. */
  readonly certificate: DerCertificate | undefined;
  readonly row: EvaluatedPolicy;
  /** Intermediates that a client has presented, in addition to those of the set. */
  readonly presented?: readonly DerCertificate[] | undefined;
  readonly now: Date;
}

/** Valid only for this version of the policy; undefined if no path was searched for. */
export type GatheredPath = (PolicyVersion & { readonly searchedPath: SearchedPath }) | undefined;

/** One search at a time, so that a client whose sets make them costly delays its own requests before those of others. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 1_000, maxWaitingPerKey: 200, waitMs: 15_000 } as const;

/** The policy by which a certificate is evaluated, with the search for a path if it names a trust-anchor set. */
export interface PolicyAndPath {
  readonly policy: CertificatePolicy;
  readonly searchedPath: SearchedPath | undefined;
}

/**
 * Reads the policy and, only where a certificate is evaluated and the policy names a set, the set: one engine for upload,
 * PATCH, dry run and explanation (contract 14.2).
 */
@Injectable()
export class CertificateTrust {
  private readonly turns = new FairSlots(TURNS, 'path validations');

  constructor(
    private readonly policies: PoliciesService,
    private readonly trust: TrustService,
  ) {}

  /**
   * Searches for a path, if a certificate is evaluated and the policy names a set. Never called inside a transaction: a
   * search may take long, and would hold the locks meanwhile.
   */
  async gather(clientExtId: string, { certificate, row, presented = [], now }: Evaluated): Promise<GatheredPath> {
    const policy = this.policyOf(row);
    if (certificate === undefined || policy.trustAnchors === undefined) return undefined;
    const found = await this.trust.setOfPolicy(clientExtId, row);
    // What was changed since the row was read is evaluated when the row has been read again.
    if (found === undefined || !isSamePolicy(found, row)) return undefined;
    const { policyGeneration, policyVersion, evaluationVersion } = found;
    return await this.turns.run(clientExtId, undefined, async () => {
      const set = found.set && withIntermediates(found.set, presented);
      const searchedPath = searchPath(certificate, policy, set, now);
      // Requests that wait are served between two searches.
      await setImmediate();
      return { policyGeneration, policyVersion, evaluationVersion, searchedPath };
    });
  }

  /** Undefined if the path was searched for another version of the policy than that of the row. */
  evaluate({ certificate, row }: Pick<Evaluated, 'certificate' | 'row'>, gathered: GatheredPath) {
    const policy = this.policyOf(row);
    if (certificate === undefined || policy.trustAnchors === undefined) return { policy, searchedPath: undefined };
    if (gathered === undefined || !isSamePolicy(gathered, row)) return undefined;
    return { policy, searchedPath: gathered.searchedPath };
  }

  /**
   * For a request that writes nothing: if the policy or its set changes while they are read, both are read again, once.
   */
  async readAndEvaluate<Row extends EvaluatedPolicy>(
    clientExtId: string,
    question: Omit<Evaluated, 'row'>,
    read: () => Promise<Row>,
  ): Promise<PolicyAndPath & { readonly row: Row }> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const row = await read();
      const evaluated = this.evaluate({ ...question, row }, await this.gather(clientExtId, { ...question, row }));
      if (evaluated !== undefined) return { ...evaluated, row };
    }
    throw evidenceUnavailable();
  }

  private policyOf({ policyParameters }: EvaluatedPolicy): CertificatePolicy {
    return this.policies.certificatePolicy(policyParameters);
  }
}
