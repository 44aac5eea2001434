import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { CertificateResource } from './certificate-resource.js';
import type { PathOutcome } from './path-outcome.js';
import { PathOutcomeResource } from './path-resource.js';
import type { CertificateEvidence } from './revocation-evidence.js';
import { CertificateEvidenceResource } from './revocation-resource.js';
import type { RuleOutcome } from './rule-outcome.js';

export class RuleOutcomeResource implements RuleOutcome {
  @ApiProperty({ example: 'maxValidityDays' })
  readonly rule!: string;

  @ApiProperty()
  readonly passed!: boolean;

  @ApiProperty({ example: 'maxValidityDays' })
  readonly parameter!: string;

  @ApiProperty({ example: 'at most 397 days' })
  readonly expected!: string;

  @ApiProperty({ example: '825 days' })
  readonly found!: string;

  @ApiPropertyOptional({ type: 'string', example: 'Have it issued for at most 397 days.' })
  readonly remedy?: string;

  @ApiPropertyOptional({
    type: PathOutcomeResource,
    description: 'Of the rule `trustAnchors`: the path to an anchor, or the best attempt.',
  })
  readonly path?: PathOutcome;

  @ApiPropertyOptional({
    type: [CertificateEvidenceResource],
    description: 'Of the rule `revocationCheck`: from the certificate upwards, without the anchor.',
  })
  readonly evidence?: readonly CertificateEvidence[];
}

/** The response of X2 and X4: the credential and, in a dry run, every rule that was evaluated (contract 1.4). */
export class EvaluatedCertificateResource extends CertificateResource {
  @ApiPropertyOptional({
    type: [RuleOutcomeResource],
    description: 'Only in a dry run: every rule that was evaluated.',
  })
  readonly _policyOutcome?: readonly RuleOutcome[];
}

export function withOutcomes(
  resource: CertificateResource,
  outcomes: readonly RuleOutcome[],
): EvaluatedCertificateResource {
  return Object.assign({}, resource, { _policyOutcome: outcomes });
}
