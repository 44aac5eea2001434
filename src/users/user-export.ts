import { ApiProperty, OmitType } from '../http/openapi/swagger.js';
import { userResource, UserResource } from './user-resource.js';
import type { UserRow } from './user.table.js';

/** A user as a line that an import takes, with the members that only the server sets. */
export class ExportedUserResource extends OmitType(UserResource, ['extId', 'clientExtId']) {
  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;
}

export function exportedUser(row: UserRow): ExportedUserResource {
  const { extId: userExtId, clientExtId: _, ...members } = userResource(row);
  return { userExtId, ...members };
}
