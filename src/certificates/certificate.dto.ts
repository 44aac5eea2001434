import {
  ASSIGNABLE_STATES,
  type AssignableState,
  STATE_NAMES,
  type StateName,
} from '../credentials/credential-state.rules.js';
import { certificatePem } from '../http/certificate-members.js';
import { externalId, oneOf, text, version } from '../http/members.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';

/** X2 (contract 2.7). */
export class CreateCertificateDto {
  @certificatePem({ required: true })
  certificate!: DerCertificate;

  @externalId({ description: 'Generated if absent.', example: 'cert-123' })
  extId?: string;

  @externalId({ description: "A CertificatePolicy of the client. If absent: the client's default.", example: 'strict' })
  policyExtId?: string;

  @oneOf(STATE_NAMES, { description: 'If absent: active, or disabled by the policy.', example: 'active' })
  stateName?: StateName;
}

/** X4: exactly these members; one that is not sent stays unchanged (contract 2.7, 3.1). */
export class UpdateCertificateDto {
  @certificatePem()
  certificate?: DerCertificate;

  @oneOf(ASSIGNABLE_STATES, {
    description: 'The state of the credential.',
    example: 'active',
  })
  stateName?: AssignableState;

  @text(0, 1000, {
    nullable: true,
    description: 'A comment on this change; null clears it.',
    example: 'Renewed after the move to the new issuing CA',
  })
  modificationComment?: string | null;

  @version()
  version?: number;
}
