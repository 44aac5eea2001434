import { nameConstraints } from '../certificate/extensions/name-constraints.js';
import type { Budget } from './budget.js';
import { checkIssuer, checkLeaf } from './certificate-checks.js';
import { NameConstraintSet } from './name-constraints.js';
import type { PathParameters } from './path-parameters.js';
import type { Problem } from './path-result.js';
import type { PreparedCertificate } from './prepared-certificate.js';
import { OUT_OF_BUDGET } from './problems.js';
import { checkSignature } from './signature.js';
import type { WorkingKey } from './working-key.js';

/** The checks of one search. What it meets again, in another path, is not checked again and costs nothing. */
export class PathChecks {
  readonly #issuers = new Map<PreparedCertificate, Problem | undefined>();
  readonly #names = new Map<PreparedCertificate, Map<PreparedCertificate, Problem | undefined>>();

  constructor(
    readonly parameters: PathParameters,
    readonly budget: Budget,
  ) {}

  leaf(leaf: PreparedCertificate): Problem | undefined {
    return checkLeaf(leaf, this.parameters, this.budget);
  }

  issuer(issuer: PreparedCertificate): Problem | undefined {
    return remembered(this.#issuers, issuer, () => checkIssuer(issuer, this.parameters, this.budget));
  }

  signature(subject: PreparedCertificate, key: WorkingKey): Problem | undefined {
    return checkSignature(subject, key, this.budget);
  }

  /**
   * RFC 5280 section 6.1.3 (b) and (c), under the constraints of one issuer. What is permitted on a path is the
   * intersection of what each issuer permits, so that the issuers can be asked one by one.
   */
  names(subject: PreparedCertificate, issuer: PreparedCertificate): Problem | undefined {
    const constraints = issuer.certificate.extension(nameConstraints);
    if (constraints === undefined) return undefined;
    const ofIssuer = this.#names.get(issuer) ?? new Map<PreparedCertificate, Problem | undefined>();
    this.#names.set(issuer, ofIssuer);
    return remembered(ofIssuer, subject, () => {
      const result = NameConstraintSet.none.with(constraints).check(subject.certificate, this.budget);
      if (result === 'ok') return undefined;
      if (result.problem === 'budget') return OUT_OF_BUDGET;
      const step = result.problem === 'excluded' ? '(c)' : '(b)';
      return { reason: 'nameConstraints', section: `RFC 5280 section 6.1.3 ${step}`, detail: result.detail };
    });
  }
}

function remembered(
  results: Map<PreparedCertificate, Problem | undefined>,
  certificate: PreparedCertificate,
  check: () => Problem | undefined,
): Problem | undefined {
  if (!results.has(certificate)) results.set(certificate, check());
  return results.get(certificate);
}
