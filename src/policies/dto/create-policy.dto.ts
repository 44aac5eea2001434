import { externalId, flag, oneOf, text } from '../../http/members.js';
import { textMap } from '../../http/text-map.js';
import { PARAMETER_NAMES, POLICY_TYPES, type PolicyType } from '../policy-types.rules.js';
import { PARAMETER_LIMITS } from './parameter-limits.js';

/** P1 (contract 2.10). */
export class CreatePolicyDto {
  @oneOf(POLICY_TYPES, { required: true, example: 'CertificatePolicy' })
  policyType!: PolicyType;

  @text(1, 100, { description: 'Unique in the client.', example: 'Strict' })
  name?: string;

  @text(0, 1000, { description: 'The purpose of the policy.' })
  description?: string;

  @flag({ description: 'true removes the flag from the previous default of the type.' })
  defaultPolicy?: boolean;

  @textMap(PARAMETER_LIMITS, {
    description: `Every value is text. ${PARAMETER_NAMES}`,
    example: { certificateUploadCheck: 'strict', maxValidityDays: '397' },
  })
  parameters?: Readonly<Record<string, string>>;

  @externalId({ description: 'Generated if absent.', example: 'policy-123' })
  extId?: string;
}
