import type { ApiPropertyOptions } from '@nestjs/swagger';

import { csvRecord } from '../../common/csv.js';
import { formatInstant } from '../../common/instant.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import {
  FORECAST_REASONS,
  type ForecastGroup,
  type ForecastReason,
  type ForecastRow,
} from './client-auth-forecast.rules.js';

const REASONS_SCHEMA: ApiPropertyOptions = {
  type: 'object',
  properties: Object.fromEntries(FORECAST_REASONS.map((reason) => [reason, { type: 'integer' }])),
  required: [...FORECAST_REASONS],
  additionalProperties: false,
};

/** The affected certificates of one user that one issuer has issued. */
export class ForecastGroupResource {
  @ApiPropertyOptional({ type: 'string', example: 'CN=Acme Issuing CA,O=Acme AG,C=CH' })
  readonly issuerDN!: string | undefined;

  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;

  @ApiProperty({ type: 'integer', description: 'How many certificates are affected.' })
  readonly certificates!: number;

  @ApiProperty({ ...REASONS_SCHEMA, description: 'How many of them each reason applies to.' })
  readonly reasons!: Readonly<Record<ForecastReason, number>>;

  @ApiProperty({ description: 'When the first of them ends.', format: 'date-time' })
  readonly firstEnd!: string;
}

/** The forecast of a client, by issuer and user. */
export class ForecastResource {
  @ApiProperty({ type: 'integer', description: 'How many certificates are affected.' })
  readonly certificates!: number;

  @ApiProperty({ type: [ForecastGroupResource], maxItems: 10_000 })
  readonly groups!: readonly ForecastGroupResource[];
}

export function forecastGroupResource({ issuerDN, firstEnd, ...group }: ForecastGroup): ForecastGroupResource {
  return { ...group, issuerDN: issuerDN ?? undefined, firstEnd: formatInstant(firstEnd) };
}

export const CSV_HEADER = csvRecord(['extId', 'userExtId', 'subjectDN', 'issuerDN', 'serial', 'notAfter', 'reasons']);

export function csvOf({ certificate, reasons }: ForecastRow): string {
  const { extId, userExtId, subjectDN, issuerDN, serial, notAfter } = certificate;
  return csvRecord([extId, userExtId, subjectDN, issuerDN, serial, formatInstant(notAfter), reasons.join(' ')]);
}
