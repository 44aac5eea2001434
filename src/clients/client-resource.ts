import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { VersionedResource, versionedMembers } from '../http/versioned-resource.js';
import type { ClientRow } from './client.table.js';

/** A client as it is returned (contract 2.3). A member without a value is undefined. */
export class ClientResource extends VersionedResource {
  @ApiProperty({ example: '100' })
  readonly extId!: string;

  @ApiProperty({ minLength: 1, maxLength: 100, example: 'Acme' })
  readonly name!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 250 },
    description: 'The display name by language: EN, DE, FR, IT.',
    example: { EN: 'Acme Ltd', DE: 'Acme AG' },
  })
  readonly displayName!: Readonly<Record<string, string>> | undefined;
}

/** Lists every member that is returned. */
export function clientResource(row: ClientRow): ClientResource {
  return {
    ...versionedMembers(row),
    extId: row.extId,
    name: row.name,
    displayName: row.displayName ?? undefined,
  };
}
