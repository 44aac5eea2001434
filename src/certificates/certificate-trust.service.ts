import { Injectable } from '@nestjs/common';

import type { PolicyRow } from '../credentials/owner-access.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import { PoliciesService } from '../policies/policies.service.js';
import { isSamePolicy, type SetOfPolicy } from '../trust/trust-set.model.js';
import { TrustService } from '../trust/trust.service.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { searchPath, type SearchedPath } from './trust-anchors.rules.js';

type EvaluatedPolicy = PolicyRow & { readonly policyExtId: string };

interface Evaluated {
  /** Undefined if no certificate is evaluated. */
  readonly certificate: DerCertificate | undefined;
  readonly row: EvaluatedPolicy;
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
  evaluate({ certificate, row }: Evaluated, gathered: SetOfPolicy | undefined, now: Date): PolicyAndPath | undefined {
    const policy = this.policyOf(row);
    if (certificate === undefined || policy.trustAnchors === undefined) return { policy, searchedPath: undefined };
    if (gathered === undefined || !isSamePolicy(gathered, row)) return undefined;
    return { policy, searchedPath: searchPath(certificate, policy, gathered.set, now) };
  }

  private policyOf({ policyParameters }: EvaluatedPolicy): CertificatePolicy {
    return this.policies.certificatePolicy(policyParameters);
  }
}
