import { ASSIGNABLE_STATES, type AssignableState } from '../../credentials/credential-state.rules.js';
import { oneOf, text, version } from '../../http/members.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { certificatePem } from './certificate-member.js';

/** X4: exactly these members; one that is not sent stays unchanged (contract 2.7, 3.1). */
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
    description: 'A comment on this change; null clears it.',
    example: 'Renewed after the move to the new issuing CA',
  })
  modificationComment?: string | null;

  @version()
  version?: number;
}
