import { ApiProperty } from '@nestjs/swagger';

import { credentialMembers, CredentialResource } from './credential-resource.js';
import type { CredentialRow } from './credential.table.js';

/** A password credential as it is returned (contract 2.13), without the password or its hash. */
export class PasswordResource extends CredentialResource {
  @ApiProperty({ enum: ['Password'] })
  readonly type!: 'Password';
}

export function passwordResource(row: CredentialRow, now: Date): PasswordResource {
  return { ...credentialMembers(row, now), type: 'Password' };
}
