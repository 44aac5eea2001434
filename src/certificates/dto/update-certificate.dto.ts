import { ASSIGNABLE_STATES, type AssignableState } from '../../credentials/credential-state.rules.js';
import { oneOf, text, version } from '../../http/members.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { certificatePem } from './certificate-member.js';

/** X4: exactly these; a member that is not sent stays as it is (contract 2.7, 3.1). */
export class UpdateCertificateDto {
  @certificatePem()
  certificate?: Certificate;

  @oneOf(ASSIGNABLE_STATES, {
    description: 'The state of the credential.',
    example: 'active',
  })
  stateName?: AssignableState;

  @text(0, 1000, {
    nullable: true,
    description: 'Comment regarding this modification; null clears it.',
    example: 'Renewed after the move to the new issuing CA',
  })
  modificationComment?: string | null;

  @version()
  version?: number;
}
