import { ApiProperty } from '../../http/openapi/swagger.js';
import { POLICY_VERDICTS, type PolicyVerdict } from '../evaluation/policy-outcome.model.js';
import { RuleOutcomeResource } from '../policy-outcome.js';
import type { RuleOutcome } from '../rule-outcome.js';
import type { SimulatedChange, SimulationSummary } from './simulation.rules.js';

/** One line of the answer of E2: a certificate that the changed policy would treat in another way. */
export class SimulatedChangeResource implements SimulatedChange {
  @ApiProperty({ example: 'cert-123' })
  readonly extId!: string;

  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;

  @ApiProperty({ enum: POLICY_VERDICTS, description: 'What the present policy makes of it.', example: 'accepted' })
  readonly from!: PolicyVerdict;

  @ApiProperty({ enum: POLICY_VERDICTS, description: 'What the changed policy would make of it.', example: 'refused' })
  readonly to!: PolicyVerdict;

  @ApiProperty({
    type: [RuleOutcomeResource],
    description: 'The rules of the changed policy that it does not pass.',
  })
  readonly rules!: readonly RuleOutcome[];
}

/** The last line of the answer of E2. */
export class SimulationSummaryResource implements SimulationSummary {
  @ApiProperty({ type: 'integer', description: 'Certificates that were evaluated.' })
  readonly evaluated!: number;

  @ApiProperty({ type: 'integer', description: 'Certificates that the changed policy would treat in another way.' })
  readonly changed!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many of these do not pass the rule under the changed policy.',
    example: { maxValidityDays: 12 },
  })
  readonly byRule!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'integer' })
  readonly wouldBeDisabled!: number;

  @ApiProperty({ type: 'integer' })
  readonly wouldBeRefused!: number;

  @ApiProperty({ description: 'How long it took.', example: 1.5 })
  readonly seconds!: number;
}

/** The answer of E2 as one JSON object. */
export class SimulationResource {
  @ApiProperty({ type: SimulationSummaryResource })
  readonly summary!: SimulationSummary;

  @ApiProperty({ type: [SimulatedChangeResource], maxItems: 100, description: 'The first of them.' })
  readonly changes!: readonly SimulatedChange[];
}
