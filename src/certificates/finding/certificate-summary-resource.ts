import { formatInstant } from '../../common/instant.js';
import { STATE_NAMES } from '../../credentials/credential-state.rules.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import type { CountedCertificates } from './certificate-search.queries.js';

const MAX_POLICIES = 100;

/** Of `summaryStatement`: all, each state, and as many policies. */
export const MAX_SUMMARY_ROWS = 1 + STATE_NAMES.length + MAX_POLICIES;

const COUNT = { type: 'integer', minimum: 0 } as const;

class CertificatesOfStateResource {
  @ApiProperty({ enum: STATE_NAMES, example: 'active' })
  readonly stateName!: string;

  @ApiProperty({ ...COUNT, example: 40 })
  readonly certificates!: number;
}

class CertificatesOfPolicyResource {
  @ApiProperty({ example: 'default' })
  readonly policyExtId!: string;

  @ApiProperty({ ...COUNT, example: 42 })
  readonly certificates!: number;
}

/** How many certificates the filters of F1 select. */
export class CertificateSummaryResource {
  @ApiProperty({ ...COUNT, example: 42 })
  readonly certificates!: number;

  @ApiProperty({ ...COUNT, description: 'Users who have such a certificate.', example: 31 })
  readonly users!: number;

  @ApiProperty({ ...COUNT, description: 'Certificates with which nobody has logged in yet.', example: 3 })
  readonly neverUsed!: number;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'The last login with any of them.' })
  readonly lastUsed!: string | undefined;

  @ApiProperty({ type: [CertificatesOfStateResource], description: 'By their current state.' })
  readonly byState!: readonly CertificatesOfStateResource[];

  @ApiProperty({
    type: [CertificatesOfPolicyResource],
    maxItems: MAX_POLICIES,
    description: `By their policy, those with the most certificates first; at most ${MAX_POLICIES}.`,
  })
  readonly byPolicy!: readonly CertificatesOfPolicyResource[];
}

export function certificateSummaryResource(rows: readonly CountedCertificates[]): CertificateSummaryResource {
  const all = rows[0];
  return {
    certificates: all?.certificates ?? 0,
    users: all?.users ?? 0,
    neverUsed: all?.neverUsed ?? 0,
    lastUsed: all?.lastUsed == null ? undefined : formatInstant(all.lastUsed),
    byState: rows.flatMap(({ stateName, certificates }) => (stateName === null ? [] : [{ stateName, certificates }])),
    byPolicy: rows
      .flatMap(({ policyExtId, certificates }) => (policyExtId === null ? [] : [{ policyExtId, certificates }]))
      .slice(0, MAX_POLICIES),
  };
}
