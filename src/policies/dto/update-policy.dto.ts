import { flag, text, version } from '../../http/members.js';
import { textMap } from '../../http/text-map.js';
import { PARAMETER_NAMES } from '../policy-types.rules.js';
import { PARAMETER_LIMITS } from './parameter-limits.js';

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
    example: { certificateUploadCheck: 'strict', maxValidityDays: '397' },
  })
  parameters?: Readonly<Record<string, string>>;

  @version()
  version?: number;
}
