import { ValidityResource } from '../../credentials/credential-resource.js';
import { STATE_NAMES } from '../../credentials/credential-state.rules.js';
import { instant } from '../../http/openapi/schemas.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import { ExplanationResource } from '../explanation/explanation-resource.js';
import { LOGIN_OUTCOMES, type LoginOutcome } from './login-decision.rules.js';

/** L10 (contract 15.2, 15.4). All members but the last two are those of `ok`. */
export class CertificateLoginResource {
  @ApiProperty({ enum: LOGIN_OUTCOMES, description: 'Only `ok` logs the user in.', example: 'ok' })
  readonly outcome!: LoginOutcome;

  @ApiPropertyOptional({ type: 'string', description: 'The user who is logged in.', example: 'user-123' })
  readonly userExtId?: string;

  @ApiPropertyOptional({ type: 'string', description: 'The credential.', example: 'cert-123' })
  readonly extId?: string;

  @ApiPropertyOptional({ type: 'string', example: '100' })
  readonly clientExtId?: string;

  @ApiPropertyOptional({ type: 'string', example: 'strict' })
  readonly policyExtId?: string;

  @ApiPropertyOptional({ enum: STATE_NAMES, example: 'active' })
  readonly stateName?: string;

  @ApiPropertyOptional({ type: ValidityResource, description: 'Of the credential.' })
  readonly validity?: ValidityResource;

  @instant('Ask again at this time at the latest: something that the login depends on ends.')
  readonly usableUntil?: string;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Of a refused login: administrators find its explanation by it. Absent if there were too many.',
    example: '7ZK2M9QA',
  })
  readonly reference?: string | undefined;

  @ApiPropertyOptional({
    type: ExplanationResource,
    description: 'Of a refused login, for callers with CredentialView.',
  })
  readonly explanation?: ExplanationResource | undefined;
}
