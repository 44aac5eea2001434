import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

/** Until paths are validated, no certificate has one: nothing passes that was not proven (contract 11.4). */
export function evaluateTrustAnchors({ trustAnchors }: CertificatePolicy): readonly RuleOutcome[] {
  if (trustAnchors === undefined) return [];
  return [
    ruleOutcome('trustAnchors', {
      passed: false,
      expected: `a path to an anchor of ${trustAnchors}`,
      found: 'no path, because this server does not validate paths yet',
      remedy: 'Remove trustAnchors from the policy until the server validates paths.',
    }),
  ];
}
