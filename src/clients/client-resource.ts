import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { formatInstant } from '../http/instant.js';
import type { ClientRow } from './client-row.js';

/** A client as it leaves the server (contract 2.3). A member without a value is undefined. */
export class ClientResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly created!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-02T08:15:00Z' })
  readonly lastModified!: string;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 1, example: 3 })
  readonly version!: number;

  @ApiProperty({ example: '100' })
  readonly extId!: string;

  @ApiProperty({ minLength: 1, maxLength: 100, example: 'Acme' })
  readonly name!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 250 },
    description: 'The name to show, by language: EN, DE, FR, IT.',
    example: { EN: 'Acme Ltd', DE: 'Acme AG' },
  })
  readonly displayName!: Readonly<Record<string, string>> | undefined;
}

/** Names every member that leaves; what is not here stays inside. */
export function clientResource(row: ClientRow): ClientResource {
  return {
    created: formatInstant(row.created),
    lastModified: formatInstant(row.lastModified),
    version: row.version,
    extId: row.extId,
    name: row.name,
    displayName: row.displayName ?? undefined,
  };
}
