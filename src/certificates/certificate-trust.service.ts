import { Injectable } from '@nestjs/common';

import { evidenceUnavailable } from '../audit/guarded-change.js';
import type { PolicyRow } from '../credentials/owner-access.js';
import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import { PoliciesService } from '../policies/policies.service.js';
import { isSamePolicy, type PolicyVersion } from '../trust/trust-set.model.js';
import { TrustService } from '../trust/trust.service.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { RememberedSignatures } from '../x509/path/valid-signatures.js';
import type { EvidenceAllowance } from './evidence-allowance.js';
import { PathTurns } from './path-turns.js';
import type { CheckedRevocation } from './revocation-evidence.js';
import { RevocationGathering } from './revocation-gathering.js';
import { pathParameters, searchPath, type SearchedPath, withIntermediates } from './trust-anchors.rules.js';

type EvaluatedPolicy = PolicyRow & { readonly policyExtId: string };

interface Evaluated {
  /** Undefined if no certificate is evaluated. */
  readonly certificate: DerCertificate | undefined;
  readonly row: EvaluatedPolicy;
  /** Whether it is stored already, so that only its revocation is asked about (contract 13.4). */
  readonly isStored?: boolean;
  /** Intermediates that a client has presented, in addition to those of the set. */
  readonly presented?: readonly DerCertificate[] | undefined;
  readonly now: Date;
  readonly allowance: EvidenceAllowance;
}

/** The path, with what is known about the revocation of its certificates if the policy asks. */
interface Trust {
  readonly searchedPath: SearchedPath | undefined;
  readonly revocation: CheckedRevocation | undefined;
}

/** Valid only for this certificate and this version of the policy; undefined if no path was searched for. */
export type GatheredTrust = (PolicyVersion & Trust & { readonly sha256: Buffer }) | undefined;

/** The policy by which a certificate is evaluated, with the evidence that the policy asks for. */
export interface PolicyAndTrust extends Trust {
  readonly policy: CertificatePolicy;
}

/**
 * Reads the policy and, only where a certificate is evaluated and the policy asks for it, the set and the evidence: one
 * engine for upload, PATCH, dry run and explanation (contract 14.2).
 */
@Injectable()
export class CertificateTrust {
  private readonly signatures = new RememberedSignatures();

  constructor(
    private readonly policies: PoliciesService,
    private readonly trust: TrustService,
    private readonly turns: PathTurns,
    private readonly revocation: RevocationGathering,
  ) {}

  /**
   * Searches for a path, if a certificate is evaluated and the policy names a set, and gathers evidence about its
   * revocation, if the policy asks. Never called inside a transaction: a search may take long, and a source longer.
   */
  async gather(clientExtId: string, question: Evaluated): Promise<GatheredTrust> {
    const { certificate, row, presented = [], now, allowance } = question;
    const policy = this.policyOf(clientExtId, row);
    if (certificate === undefined || !isAsked(policy, question)) return undefined;
    const found = await this.trust.setOfPolicy(clientExtId, row);
    // What was changed since the row was read is evaluated when the row has been read again.
    if (found === undefined || !isSamePolicy(found, row)) return undefined;
    const { set: ofPolicy, ...policyVersion } = found;
    const version = { ...policyVersion, sha256: certificate.sha256 };
    const set = ofPolicy && withIntermediates(ofPolicy, presented);
    const signatures = this.signatures.of(clientExtId);
    const searchedPath = await this.turns.run(clientExtId, allowance.callerSignal, () =>
      searchPath(certificate, policy, set, now, signatures),
    );
    const { result } = searchedPath;
    const mode = policy.revocationCheck;
    if (ofPolicy === undefined || set === undefined || mode === 'none' || result?.proven !== true) {
      return { ...version, searchedPath, revocation: undefined };
    }
    const checked = await this.revocation.check(
      {
        clientExtId,
        policy: { policyExtId: row.policyExtId, setExtId: ofPolicy.extId, ...policyVersion },
        leaf: certificate,
        set: set.prepared,
        parameters: pathParameters(policy, now, signatures),
        mode,
        result,
        time: now,
      },
      allowance,
    );
    return { ...version, searchedPath: { ...searchedPath, result: checked.result }, revocation: checked.revocation };
  }

  /** Undefined if the evidence was gathered for another version of the policy than that of the row, or for another certificate. */
  evaluate(
    clientExtId: string,
    question: Pick<Evaluated, 'certificate' | 'row' | 'isStored'>,
    gathered: GatheredTrust,
  ) {
    const { certificate, row } = question;
    const policy = this.policyOf(clientExtId, row);
    if (certificate === undefined || !isAsked(policy, question)) {
      return { policy, searchedPath: undefined, revocation: undefined };
    }
    if (gathered === undefined || !isSamePolicy(gathered, row)) return undefined;
    // The stored certificate may have been replaced meanwhile.
    if (!gathered.sha256.equals(certificate.sha256)) return undefined;
    const { searchedPath, revocation } = gathered;
    return { policy, searchedPath, revocation };
  }

  /**
   * For a request that writes nothing: if the policy or its set changes while they are read, both are read again, once.
   */
  async readAndEvaluate<Row extends EvaluatedPolicy>(
    clientExtId: string,
    question: Omit<Evaluated, 'row'>,
    read: () => Promise<Row>,
  ): Promise<PolicyAndTrust & { readonly row: Row }> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const row = await read();
      const gathered = await this.gather(clientExtId, { ...question, row });
      const evaluated = this.evaluate(clientExtId, { ...question, row }, gathered);
      if (evaluated !== undefined) return { ...evaluated, row };
    }
    throw evidenceUnavailable();
  }

  private policyOf(clientExtId: string, { policyParameters }: EvaluatedPolicy): CertificatePolicy {
    return this.policies.certificatePolicy(clientExtId, policyParameters);
  }
}

function isAsked({ trustAnchors, revocationCheck }: CertificatePolicy, { isStored }: Pick<Evaluated, 'isStored'>) {
  return isStored === true ? revocationCheck !== 'none' : trustAnchors !== undefined;
}
