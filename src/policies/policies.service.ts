import { Injectable } from '@nestjs/common';

import type { CertificatePolicy } from './certificate-policy.model.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';

/** Parsed policies kept at the most; the one that was parsed first goes first. */
const KEPT = 1_000;

@Injectable()
export class PoliciesService {
  private readonly kept = new Map<string, CertificatePolicy>();

  /**
   * The policy that stored parameters, a JSON object as text, mean. Kept by that text: a credential is judged at each
   * change, and what a text means does not change.
   */
  certificatePolicy(parameters: string): CertificatePolicy {
    const known = this.kept.get(parameters);
    if (known !== undefined) return known;
    const { policy, errors } = readCertificatePolicy(JSON.parse(parameters) as Record<string, string>);
    if (policy === undefined) throw new Error(`A stored policy does not parse: ${errors[0].message}`);
    if (this.kept.size >= KEPT) {
      const [first] = this.kept.keys();
      if (first !== undefined) this.kept.delete(first);
    }
    this.kept.set(parameters, policy);
    return policy;
  }
}
