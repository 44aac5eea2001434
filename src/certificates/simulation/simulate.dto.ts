import { textMap } from '../../http/text-map.js';
import { PARAMETERS_OF_POLICY } from '../../policies/policy-parameters.model.js';

/** E2: the parameters as P3 would take them. */
export class SimulatePolicyDto {
  @textMap(PARAMETERS_OF_POLICY.limits, { required: true, ...PARAMETERS_OF_POLICY.documented })
  parameters!: Readonly<Record<string, string>>;
}
