import { externalId, flag, oneOf, text, version } from '../http/members.js';
import { textMap } from '../http/text-map.js';
import { EXAMPLE, PARAMETER_LIMITS } from './policy-parameters.model.js';
import { PARAMETER_NAMES, POLICY_TYPES, type PolicyType } from './policy-types.rules.js';

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
    example: EXAMPLE,
  })
  parameters?: Readonly<Record<string, string>>;

  @externalId({ description: 'Generated if absent.', example: 'policy-123' })
  extId?: string;
}

/** P3: a member that is not sent stays unchanged (contract 2.10, 3.1). */
export class UpdatePolicyDto {
  @text(1, 100, { description: 'Unique in the client.', example: 'Strict' })
  name?: string;

  @text(0, 1000, { nullable: true, description: 'null clears it.' })
  description?: string | null;

  @flag({
    description: 'true removes the flag from the previous default of the type; false on the default is refused.',
  })
  defaultPolicy?: boolean;

  @textMap(PARAMETER_LIMITS, {
    description: `Replaces all parameters: those that are not sent are removed. ${PARAMETER_NAMES}`,
    example: EXAMPLE,
  })
  parameters?: Readonly<Record<string, string>>;

  @version()
  version?: number;
}
