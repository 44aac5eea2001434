import { signatureWeight } from './algorithms.js';
import type { Budget } from './budget.js';
import type { Problem } from './path-result.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import { OUT_OF_BUDGET } from './problems.js';
import type { WorkingKey } from './working-key.js';

/** RFC 5280 section 6.1.3 (a)(1). A signature is checked once for each certificate and key, and then remembered. */
export function checkSignature(subject: PreparedCertificate, key: WorkingKey, budget: Budget): Problem | undefined {
  const known = subject.knownSignature(key);
  if (known === undefined && !budget.signatureCheck(signatureWeight(subject.certificate.structure.signature)))
    return OUT_OF_BUDGET;
  if (known ?? subject.checkSignature(key)) return undefined;
  const detail = 'Its signature was not made with the key of this issuer.';
  return { reason: 'badSignature', section: 'RFC 5280 section 6.1.3 (a)(1)', detail };
}
