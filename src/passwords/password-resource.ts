import { ApiProperty } from '@nestjs/swagger';

import { CredentialResource, optionalInstant } from '../credentials/credential-resource.js';
import { effectiveState } from '../credentials/credential-state.rules.js';
import { formatInstant } from '../http/instant.js';
import type { PasswordRow } from './password-row.js';

/** A password credential as it leaves the server (contract 2.13): never the password, nor anything made of it. */
export class PasswordResource extends CredentialResource {
  @ApiProperty({ enum: ['Password'] })
  readonly type!: 'Password';
}

/** Names every member that leaves; what is not here stays inside. */
export function passwordResource(row: PasswordRow, now: Date): PasswordResource {
  const { stateName, stateChangeReason, stateChangeDetail } = effectiveState(row, now);
  return {
    created: formatInstant(row.created),
    lastModified: formatInstant(row.lastModified),
    version: row.version,
    extId: row.extId,
    userExtId: row.userExtId,
    policyExtId: row.policyExtId,
    stateName,
    stateChangeReason,
    stateChangeDetail: stateChangeDetail ?? undefined,
    lastSuccessfulLoginDate: optionalInstant(row.lastSuccess),
    successfulLoginCount: row.successes,
    lastFailedLoginDate: optionalInstant(row.lastFailure),
    failedLoginCount: row.failures,
    modificationComment: row.comment ?? undefined,
    type: 'Password',
    validity: { from: optionalInstant(row.validFrom), to: optionalInstant(row.validTo) },
    properties: row.properties ?? undefined,
  };
}
