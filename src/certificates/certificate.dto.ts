import {
  ASSIGNABLE_STATES,
  type AssignableState,
  STATE_NAMES,
  type StateName,
} from '../credentials/credential-state.rules.js';
import { externalId, type MemberOptions, type MemberReader, oneOf, readAs, text, version } from '../http/members.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { readPem } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';

const readSentCertificate: MemberReader<Certificate> = (sent) => {
  const pem = readPem(sent);
  if (!pem.ok) return pem;
  const result = readCertificate(pem.der);
  return result.ok ? { ok: true, value: result.certificate } : result;
};

/** A PEM certificate, parsed before the service sees it (contract 2.9). */
function certificatePem(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    readSentCertificate,
    { type: 'string', maxLength: 65_536 },
    { description: 'One PEM block of an X.509 certificate; text around it is ignored.', ...options },
  );
}

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
