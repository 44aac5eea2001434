import type { ErrorCode } from '../../common/errors.js';
import { STATE_CHANGE_REASONS, STATE_NAMES } from '../../credentials/credential-state.rules.js';
import { ERROR_CODE_NAMES } from '../../http/openapi/error-responses.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import type { Finding } from '../../x509/certificate/certificate.js';
import { PathOutcomeResource } from '../path-resource.js';
import { RuleOutcomeResource } from '../policy-outcome.js';
import type { CertificateEvidence } from '../revocation-evidence.js';
import { CertificateEvidenceResource } from '../revocation-resource.js';
import { CertificateDescriptionResource } from './certificate-description.js';
import { type ExplainedRevocation, type Purpose, PURPOSES, type Verdict, VERDICTS } from './explanation.rules.js';

class FindingResource {
  @ApiProperty({ type: 'string', description: 'Listed in the reference of findings.', example: 'negativeSerialNumber' })
  readonly code!: Finding['code'];

  @ApiProperty({ description: 'The field or extension, or the OID of an extension.', example: 'serialNumber' })
  readonly part!: string;

  @ApiProperty({ example: 'It is negative.' })
  readonly detail!: string;

  @ApiProperty({ description: 'What requires it.', example: 'RFC 5280 section 4.1.2.2' })
  readonly section!: string;
}

/** Callers in self-admin mode get only `registered`. */
class HolderResource {
  @ApiProperty({ description: 'Whether the certificate is registered in the client.' })
  readonly registered!: boolean;

  @ApiPropertyOptional({ type: 'string', example: 'user-123' })
  readonly userExtId?: string;

  @ApiPropertyOptional({ type: 'string', example: 'cert-123' })
  readonly extId?: string;

  @ApiPropertyOptional({ type: 'string', example: 'strict' })
  readonly policyExtId?: string;

  @ApiPropertyOptional({ enum: STATE_NAMES, example: 'active' })
  readonly stateName?: string;

  @ApiPropertyOptional({ enum: STATE_CHANGE_REASONS, example: 'cert-uploaded' })
  readonly stateChangeReason?: string;
}

class ConflictResource {
  @ApiProperty({ enum: ERROR_CODE_NAMES, example: 'errors.certificateExists' })
  readonly code!: ErrorCode;

  @ApiProperty({ example: 'This certificate is already registered in this client.' })
  readonly message!: string;
}

class RevocationResource implements ExplainedRevocation {
  @ApiProperty({ description: 'Whether revocation was checked.' })
  readonly checked!: boolean;

  @ApiPropertyOptional({ type: 'boolean', description: 'Whether it lets the certificate pass, if it was checked.' })
  readonly passed!: boolean | undefined;

  @ApiProperty({ example: 'Found: 2 certificates, none revoked.' })
  readonly detail!: string;

  @ApiProperty({
    type: [CertificateEvidenceResource],
    description: 'From the certificate upwards, without the anchor.',
  })
  readonly evidence!: readonly CertificateEvidence[];
}

/** Contract 14.1. */
export class ExplanationResource {
  @ApiProperty({
    enum: VERDICTS,
    description:
      'Of an upload: `accepted`, `disabled` or `refused`. Of a login: `ok`, `locked`, `disabled` or `failed`.',
    example: 'refused',
  })
  readonly verdict!: Verdict;

  @ApiProperty({ enum: PURPOSES, example: 'upload' })
  readonly purpose!: Purpose;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'The instant as at which it was evaluated.' })
  readonly at!: string;

  @ApiPropertyOptional({ type: 'string', description: 'The user for whom it was evaluated.', example: 'user-123' })
  readonly userExtId!: string | undefined;

  @ApiPropertyOptional({ type: 'string', description: 'The policy by which it was evaluated.', example: 'strict' })
  readonly policyExtId!: string | undefined;

  @ApiProperty({ type: CertificateDescriptionResource })
  readonly certificate!: CertificateDescriptionResource;

  @ApiProperty({ type: [FindingResource], description: 'Where the certificate deviates from RFC 5280.' })
  readonly findings!: readonly FindingResource[];

  @ApiProperty({ type: [RuleOutcomeResource], description: 'Every rule that was evaluated.' })
  readonly rules!: readonly RuleOutcomeResource[];

  @ApiPropertyOptional({ type: PathOutcomeResource, description: 'If the policy names a trust-anchor set.' })
  readonly path!: PathOutcomeResource | undefined;

  @ApiProperty({ type: RevocationResource })
  readonly revocation!: RevocationResource;

  @ApiProperty({ type: HolderResource, description: 'Who has registered the certificate in the client.' })
  readonly owner!: HolderResource;

  @ApiProperty({ type: [ConflictResource], description: 'What an upload would collide with, beside the rules.' })
  readonly conflicts!: readonly ConflictResource[];

  @ApiProperty({ type: [String], description: 'What would make it pass, in sentences.' })
  readonly remedies!: readonly string[];

  @ApiProperty({ type: [String], description: 'What was not taken into account, in sentences.' })
  readonly notes!: readonly string[];
}
