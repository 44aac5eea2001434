import { ApiProperty } from '@nestjs/swagger';

import { credentialMembers, CredentialResource } from '../credentials/credential-resource.js';
import type { PasswordRow } from './password-row.js';

/** A password credential as it leaves the server (contract 2.13): never the password, nor anything made of it. */
export class PasswordResource extends CredentialResource {
  @ApiProperty({ enum: ['Password'] })
  readonly type!: 'Password';
}

export function passwordResource(row: PasswordRow, now: Date): PasswordResource {
  return { ...credentialMembers(row, now), type: 'Password' };
}
