import { formatInstant } from '../common/instant.js';
import { ApiProperty } from './openapi/swagger.js';

interface VersionedRow {
  readonly created: Date;
  readonly lastModified: Date;
  readonly version: number;
}

/** The members that every read returns (contract 2.1). */
export abstract class VersionedResource {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-01T12:00:00Z' })
  readonly created!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-06-02T08:15:00Z' })
  readonly lastModified!: string;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 1, example: 3 })
  readonly version!: number;
}

type Members = Pick<VersionedResource, keyof VersionedResource>;

/** The same as plain members, to be spread into a resource. */
export function versionedMembers({ created, lastModified, version }: VersionedRow): Members {
  return { created: formatInstant(created), lastModified: formatInstant(lastModified), version };
}
