import type { DerCertificate } from '../certificate/der-certificate.js';
import { Budget } from './budget.js';
import { checkIssuer } from './certificate-checks.js';
import { productionParameters } from './path-parameters.js';
import type { Problem } from './path-result.js';
import { PreparedCertificate } from './prepared-certificate.js';

/**
 * Why no path can use this certificate as an anchor or an intermediate, as far as it alone shows (11.2). Which purposes its
 * extended key usage allows does not matter here: a policy may ask for any.
 */
export function issuerProblem(certificate: DerCertificate, isAnchor: boolean, time: Date): Problem | undefined {
  return checkIssuer(new PreparedCertificate(certificate, isAnchor), productionParameters(time, []), new Budget());
}
