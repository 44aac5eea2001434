import { STATE_NAMES, type StateName } from '../../credentials/credential-state.rules.js';
import { externalId, oneOf } from '../../http/members.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { certificatePem } from './certificate-member.js';

/** X2 (contract 2.7). */
export class CreateCertificateDto {
  @certificatePem({ required: true })
  certificate!: Certificate;

  @externalId({ description: 'Generated if absent.', example: 'cert-123' })
  extId?: string;

  @externalId({ description: "A CertificatePolicy of the client. If absent: the client's default.", example: 'strict' })
  policyExtId?: string;

  @oneOf(STATE_NAMES, { description: 'If absent: active, or disabled by the policy.', example: 'active' })
  stateName?: StateName;
}
