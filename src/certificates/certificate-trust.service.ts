import { Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../audit/guarded-change.js';
import type { PolicyRow } from '../credentials/owner-access.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import { PoliciesService } from '../policies/policies.service.js';
import { isSamePolicy, type SetOfPolicy } from '../trust/trust-set.model.js';
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
}

interface TrustQuestion {
  readonly clientExtId: string;
  readonly sent: {
    readonly certificate: DerCertificate;
    readonly chain?: readonly DerCertificate[];
    readonly purpose?: 'upload' | 'login';
  };
  readonly now: Date;
}

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
  constructor(
    private readonly policies: PoliciesService,
    private readonly trust: TrustService,
  ) {}

  /** Never called inside a transaction. */
  async gather(clientExtId: string, { certificate, row }: Evaluated): Promise<SetOfPolicy | undefined> {
    if (certificate === undefined || this.policyOf(row).trustAnchors === undefined) return undefined;
    return await this.trust.setOfPolicy(clientExtId, row);
  }

  /** Undefined if the set was gathered for another version of the policy than that of the row. */
  evaluate(
    { certificate, row, presented = [] }: Evaluated,
    gathered: SetOfPolicy | undefined,
    now: Date,
  ): PolicyAndPath | undefined {
    const policy = this.policyOf(row);
    if (certificate === undefined || policy.trustAnchors === undefined) return { policy, searchedPath: undefined };
    if (gathered === undefined || !isSamePolicy(gathered, row)) return undefined;
    const set = gathered.set && withIntermediates(gathered.set, presented);
    return { policy, searchedPath: searchPath(certificate, policy, set, now) };
  }

  /**
   * For a request that writes nothing: if the policy or its set changes while they are read, both are read again, once.
   */
  async readAndEvaluate<Row extends EvaluatedPolicy>(
    { clientExtId, sent: { certificate, chain, purpose }, now }: TrustQuestion,
    read: () => Promise<Row>,
  ): Promise<PolicyAndPath & { readonly row: Row }> {
    const presented = purpose === 'login' ? chain : undefined;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const row = await read();
      const gathered = await this.gather(clientExtId, { certificate, row });
      const evaluated = this.evaluate({ certificate, row, presented }, gathered, now);
      if (evaluated !== undefined) return { ...evaluated, row };
    }
    throw evidenceUnavailable();
  }

  private policyOf({ policyParameters }: EvaluatedPolicy): CertificatePolicy {
    return this.policies.certificatePolicy(policyParameters);
  }
}
